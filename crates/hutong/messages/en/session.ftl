# Signing in to the API
session-first_password = A first password must be changed. Sign in on the pages, change it, and come back.
