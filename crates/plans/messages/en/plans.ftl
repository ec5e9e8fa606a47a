### Pages of plans, tasks and indicators

## Home
plans-home-title = My work
plans-home-title-public = Plans and their progress
plans-home-lead = Today is { $date }. { $count } things wait for you.
plans-home-lead-nothing = Today is { $date }. Nothing waits for you.
plans-home-lead-public = These are the plans made public, with the progress of every indicator and task.
plans-home-import = Import a plan document
plans-home-due = What is due
plans-home-due-none = Nothing is due
plans-home-due-none-why = Your department has reported everything, and no deadline is near.
plans-home-check = To check
plans-home-check-none = Nothing to check
plans-home-check-none-why = What departments hand in appears here.
plans-home-attention = Needs attention
plans-home-attention-none = Nothing is late, behind or unreported
plans-home-attention-none-why = Lights are computed every day; what changes is listed here.
plans-home-readings = Documents under review
plans-home-plans = Plans in force
plans-home-all-plans = All plans
plans-home-all-tasks = All tasks
plans-tile-due = Due
plans-tile-returned = Returned
plans-tile-to-check = To check
plans-tile-attention = Need attention
plans-tile-readings = Under review
plans-tile-plans = Plans in force

## Due
plans-due-returned = Returned, report again
plans-due-report = Report progress
plans-due-deadline = Complete the task
plans-due-milestone = Reach the milestone
plans-due-statement = State the value
plans-due-today = due today
plans-days-left = { $count } working days left
plans-days-over = { $count } working days over
plans-provisional = provisional
plans-provisional-help = The holidays of that year are not announced yet; Monday to Friday stand in until they are.
plans-helping = (helping)

## Columns
plans-column-due-what = What
plans-column-due-kind = Asked for
plans-column-due-day = By
plans-column-due-left = Left
plans-column-check-what = Task or indicator
plans-column-check-kind = Kind
plans-column-check-value = Stated
plans-column-check-on = Handed in
plans-column-task = Task
plans-column-content = Content
plans-column-number = No.
plans-column-light = Light
plans-column-lights = Lights
plans-column-why = Why
plans-column-since = Since
plans-column-plan = Plan
plans-column-progress = Progress
plans-column-known = Known/all
plans-column-period = Period
plans-column-status = Status
plans-column-issuer = Issued by
plans-column-version = Version
plans-column-public = Public
plans-column-responsible = Responsible
plans-column-cooperating = Cooperating
plans-column-basis = Basis
plans-column-deadline = Deadline
plans-column-action = Special action
plans-column-heading = Heading
plans-column-lead = Leading body
plans-column-indicator = Indicator
plans-column-target = Target
plans-column-value = Value
plans-column-unit = Unit
plans-column-share = Share of the way
plans-column-binding = Nature
plans-column-owners = Answers for it
plans-column-as-of = As of
plans-column-source = Source
plans-column-stated-by = Stated by
plans-column-actions = Actions
plans-column-system = Platform or system

## Plans
plans-none = No plans yet
plans-none-why = Plans are imported from documents and appear here once reviewed and in force.
plans-export-csv = Export as CSV
plans-imported-copy = copy
plans-facts = Facts
plans-coverage = ({ $coverage } known)
plans-progress-unknown = no checked report yet
plans-no-lights = no lights
plans-nobody = none
plans-body-unknown = unknown body
plans-by-system = the system ({ $job })

## Boards
plans-board-lead = Plans in force with their lights. Progress is weighted; what is unknown is not counted as zero.
plans-tasks-lead = The tasks of all plans in force. The filters are in the address, so the view can be sent on.
plans-list-progress = Weighted progress of these tasks:
plans-tasks-none = No tasks
plans-tasks-none-why = Tasks appear here once a plan is in force.
plans-tasks-none-here = No task fits
plans-tasks-none-here-why = Choose fewer filters.
plans-filter-all = All
plans-filter-more = More filters
plans-filter-word = Word
plans-filter-search = Search
plans-filter-clear = Clear filters

## Task
plans-deadline-default = (plan's end)
plans-deadline-default-help = The document states no deadline; the plan's last day stands in.
plans-owner-default = The document names nobody; the plan's keeper answers.
plans-place = Line { $line } of the document:
plans-milestones = Milestones
plans-fact-weight = Weight
plans-indicator-nth = Indicator { $number }
plans-system-nth = System { $number }
plans-edit-task = Edit the task
plans-withdraw-task = Withdraw this task (no longer supervised; its history stays)
plans-save = Save
plans-task-open = open
plans-task-done = done
plans-task-withdrawn = withdrawn
plans-report = Report progress
plans-report-help = Progress and light change once the supervision has checked the report.
plans-report-replaces = Your last report is not checked yet; a new one replaces it.
plans-report-submit = Submit
plans-report-as-of = as of { $date }
plans-report-why-less = Why it is less:
plans-reports = Reports
plans-reports-none = Nothing has been reported yet.
plans-waiting = Report to be checked
plans-check = Accept
plans-return = Return
plans-return-why = Why it is returned
plans-return-help = The department reads this: say what is missing and what to do.
plans-returned-because = Returned because
plans-field-percent = Progress (%)
plans-field-percent-help = A whole number from 0 to 100; last checked: { $last }%.
plans-field-as-of = As of
plans-field-narrative = What was done
plans-field-narrative-help = What was done, with what result, and what comes next.
plans-field-milestones = Milestones reached
plans-field-milestones-help = One a line: date, space, name, e.g. 2026-06-30 tender closed.
plans-field-why-less = Why it is less than before
plans-field-why-less-help = Only when progress is below the last checked report.
plans-field-evidence = Evidence
plans-field-evidence-help = Several files can be chosen.
plans-field-bodies-help = Names of bodies, separated by commas, the leading one first.
plans-light-history = How the light went
plans-light-history-none = Nothing yet.
plans-explain-progress = { $percent }% done as of { $date }; the path expects { $expected }%.
plans-explain-no-report = No checked report yet; the path expects { $expected }% today.
plans-explain-was-late = It was late from { $from } to { $until }.
plans-explain-late = Late since { $from }.
plans-explain-rules = So since { $since }; rules: { $rules }

## Indicators
plans-indicators-lead = The indicators of all plans in force, with their values.
plans-indicators-none = No indicators
plans-indicators-none-why = Indicators appear here once a plan is in force.
plans-binding-binding = binding
plans-binding-expected = expected
plans-binding-unstated = not stated
plans-goal-at_least = at least { $value }
plans-goal-more_than = more than { $value }
plans-goal-at_most = at most { $value }
plans-goal-less_than = less than { $value }
plans-goal-exactly = { $value }
plans-goal-about = about { $value } (±{ $tolerance } as stated)
plans-goal-about-default = about { $value } (±{ $tolerance } by the default rule)
plans-goal-range = { $low } to { $high }
plans-goal-yearly_mean = { $level } a year on average
plans-goal-growth = grows by { $by } or more over its baseline
plans-goal-growth-more = grows by more than { $by } over its baseline
plans-goal-share-relative = the share grows by { $by } of itself or more
plans-goal-share-relative-more = the share grows by more than { $by } of itself
plans-goal-share-points = the share grows by { $by } percentage points or more
plans-goal-share-points-more = the share grows by more than { $by } percentage points
plans-unknown-no_statement = No checked value yet
plans-unknown-baseline_missing = The growth needs a baseline that nobody has stated
plans-unknown-baseline_not_positive = A growth of zero or less means nothing
plans-unknown-unit_mismatch = The units do not fit
plans-unknown-first_year_not_over = A yearly mean waits for the first year to end
plans-unknown-wrong_kind = Not the kind of value that is needed

## Department and systems
plans-department-lead = { $count } tasks, leading and helping.
plans-department-tasks = Tasks of the department
plans-department-none = No department
plans-department-none-why = Your account belongs to no body. Ask the system administrator.

## Reasons that the journal keeps
plans-reason-report = Progress reported: { $title }
plans-reason-check = Checked and accepted
plans-reason-return = Returned: { $why }

## What was just done
done-reported = The report is handed in and waits for a check.
done-checked = Checked and accepted.
done-returned = Returned.
done-stated = The value is stated and waits for a check.
done-task-saved = The task is changed.
