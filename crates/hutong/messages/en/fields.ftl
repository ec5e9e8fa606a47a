# Kinds of records and their fields
kind-organisation = Organisation
kind-person = Person
kind-role_grant = Role grant
field-id = Id
field-name = Name
field-person-name = Name
field-name_en = English name
field-aliases = Other names
field-class = Class
field-parent = Belongs to
field-valid_from = First day
field-valid_to = Last day
field-predecessors = Made from
field-user_name = Sign-in name
field-organisation = Organisation
field-person = Person
field-role = Role
