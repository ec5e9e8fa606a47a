### Signing in, passwords

sign-in-title = Sign in
sign-in-lead = Use the user name that your organisation gave you.
sign-in-user = User name
sign-in-password = Password
sign-in-submit = Sign in
sign-in-demo-title = Demonstration roles
sign-in-demo-lead = Choose one of these invented people and enter as them at once.
sign-in-demo-button = Enter as { $name }
sign-in-wrong = You were not signed in: user name or password is not right. Check upper and lower case and try again.
sign-in-locked = Signing in failed too often and is locked for now. Try again in { $minutes } min, or ask the system administrator for a new password.
sign-in-inactive = You cannot sign in: the account is not valid today. Ask the system administrator.
sign-in-busy = Too many people are signing in at this moment. Try again shortly.
sign-in-demo_off = Roles can be chosen in a demonstration only. Use user name and password.

password-title = Change password
password-lead = You will be signed out on all other devices.
password-must = This is a first password. Change it before you go on.
password-current = Present password
password-new = New password
password-new-help = At least { $min } characters; a few words in a row are good.
password-again = New password again
password-submit = Change password
password-too_short = The new password has only { $length } characters. Use at least { $min }.
password-too_long = The new password is too long. Use at most { $max } characters.
password-too_common = This password is common and easily guessed. Choose another.
password-same = The new password is the present one. Choose another.
password-not_repeated = The two new passwords differ. Type them again.
password-wrong = The password was not changed: the present password is not right. Type it again.

done-signed-in = You are signed in.
done-signed-out = You are signed out.
done-password-changed = The password was changed; other devices were signed out.
