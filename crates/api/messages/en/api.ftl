# What the API refuses. Ids are the codes with - for each dot.
api-not_found = There is no such resource, or you may not know whether there is. Check the address.
api-method_not_allowed = This resource does not take that method. The Allow header lists those it takes.
api-not_json = A changing request must be declared as JSON. Set Content-Type: application/json.
api-malformed = The body is no JSON: it cannot be read on from line { $line }, byte { $column }.
api-wrong_shape = The body does not fit the description: { $what }. Compare it with /api/v1/openapi.json.
api-too_large = The body is too large; at most { $limit } bytes are read.
api-parameter = A parameter of the address cannot be read: { $what }.
api-if_match_missing = A change must say which version it was made for. Put the ETag that you read into If-Match.
api-if_match_malformed = If-Match is no version of ours. Put the ETag that you read into If-Match as it is, e.g. "v3".
api-idempotency_key = Idempotency-Key has 1 to 200 visible ASCII characters.
api-forged = This changing request came from a page of another site and was not carried out.
api-fields = Not accepted in { $count } places; errors says why.
api-fault = Something is broken here, and it is not your doing. Give the number { $request } to the operator.

# The statuses in words
api-title-400 = Request cannot be read
api-title-401 = Sign-in needed
api-title-403 = Not permitted
api-title-404 = Not found
api-title-405 = Method not allowed
api-title-409 = Conflict
api-title-412 = Version has changed
api-title-413 = Too large
api-title-415 = Unsupported type
api-title-422 = Not accepted
api-title-428 = Version needed
api-title-429 = Too many requests
api-title-500 = Fault
