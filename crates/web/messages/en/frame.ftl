### The page frame and the kit

product-name = Hutong
product-title = Plans and ledger
demo-label = Demonstration
demo-banner = Demonstration: all data are synthetic
skip-to-content = Skip to content
menu = Menu
menu-label = Menu
navigation-label = Main navigation
tabs-label = Pages of this record
breadcrumbs-label = You are here
leave-warning = You have changes that are not saved. Leave the page?
yes = yes
no = no

theme-light = Light
theme-night = Night
due-label = Due
due-title = What waits for me

nav-home = My work
nav-import = Import
nav-plans = Plans
nav-board = Progress board
nav-tasks = Tasks
nav-indicators = Indicators
nav-department = My department
nav-systems = Systems
nav-organisations = Organisations
nav-persons = People
nav-journal = Journal
nav-permissions = Permission table
nav-sign-in = Sign in
nav-sign-out = Sign out
nav-change-password = Change password

foot-api = API
foot-checkpoint = Ledger checkpoint

error-title = This could not be done
error-title-401 = Please sign in
error-title-403 = Not permitted
error-title-404 = Not found
error-title-409 = The record has changed
error-title-413 = Too large
error-title-429 = Please wait
error-title-500 = Something failed on our side
error-home = Go to the home page
error-code = Code
error-reference = Reference
fault = The system failed and did not complete this; nothing that was not confirmed has been saved. The failure has been recorded. Try again in a while; if it still fails, tell the system administrator the reference below.

light-not_started = Not started
light-on_track = On track
light-due_soon = Due soon
light-behind_path = Behind
light-late = Late
light-recovered = Recovered
light-not_reported = Not reported
light-unknown = Unknown

table-sort = Sort by this column
pager-label = Pages
pager-count = { $count } in all
pager-count-about = about { $count } or more
pager-first = First page
pager-next = Next page

form-problems = Please correct the following
form-optional = (optional)
form-cancel = Cancel
form-reason = Reason for the change
form-reason-help = The journal keeps it with your name and the time; it cannot be removed.

quiet-source = Source
quiet-as-of = As of
quiet-version = Version { $version }
quiet-changed-by = Last changed by { $name }
quiet-history = History
quiet-proof = Download proof

diff-none = Nothing differs.
diff-old = was
diff-new = now
diff-nothing = nothing

steps-label = Steps
steps-done = (done)

chart-table = Show the data
chart-download = Download the data

role-visitor = Visitor
role-plan_supervisor = Plan supervisor
role-department_officer = Department officer
role-district_leader = District leader
role-system_administrator = System administrator
role-security_administrator = Security administrator
role-auditor = Auditor

scope-none = none
scope-own = own
scope-own_organisation = own organisation
scope-all = all

action-view_released_plans = See released plans
action-view_plans = See all plans
action-import_document = Import a plan document
action-review_findings = Review findings
action-adopt_plan = Put a plan into force
action-release_plan = Make a plan public
action-edit_plan = Change plans, tasks and indicators
action-report_progress = Report progress
action-check_progress = Check progress
action-record_statement = State an indicator's value
action-check_statement = Check an indicator's value
action-keep_systems = Keep the register of systems
action-export_tasks = Export the ledger of tasks
action-import_tasks = Import the ledger of tasks
action-view_organisations = See organisations
action-keep_organisations = Keep organisations
action-view_persons = See people
action-keep_persons = Keep people
action-grant_roles = Give roles and take them back
action-change_password = Change the password
action-view_journal = Read the journal
action-view_history = See history and download proofs
action-view_permissions = See the permission table
