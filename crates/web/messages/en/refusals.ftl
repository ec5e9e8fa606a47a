### Why a request is refused: the door, permissions, quantities

http-not_found = There is no such page or record, or you may not know of it. Check the address or start from the home page.
http-method_not_allowed = This address does not take such a request. Use the buttons on the pages.
http-too_large = What you sent is larger than allowed; nothing was saved. Split or compress it and send it again.
http-unsupported_media_type = What you sent is in a form that cannot be read. Use the forms on the pages.
http-bad_request = What you sent is incomplete or malformed; nothing was saved. Go back, check it and send it again.
http-timeout = The request took too long and was stopped. Try again in a while.
http-too_many = Too many requests. Try again in a while.
http-forged_request = This change came from another site's page and was refused; nothing was saved. Use the pages of this system.

access-sign_in = This needs you to sign in: { $action }. Please sign in first.
access-denied = Your roles do not permit this: { $action }. Ask the security administrator if you need it.

quantity-unit_mismatch = The units do not fit: expected “{ $expected }”, given “{ $given }”. Use a unit that can be converted.
