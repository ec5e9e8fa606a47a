# The command line and its help.
cli-failure-config = The configuration is wrong:
    { $detail }
cli-failure-refused = { $sentence } [{ $code }]
cli-failure-held = Another process holds the data directory { $dir }. Stop it first, or name another directory with --data-dir.
cli-failure-fault = It did not work: { $detail }
cli-config-good = The configuration is good: { $count } settings checked.
cli-serving = Serving { $dir } at { $url }
cli-serving-demo = The data are synthetic. Choose a role on the sign-in page and enter with one click. Ctrl-C ends the server.
cli-serving-empty = Nobody can sign in yet. Stop the server and register the first administrators with: hutong user add

help = Plan documents in, an accountable ledger out
help-after = Examples:
    {"  "}hutong demo                             a made-up district to look around in
    {"  "}hutong plan extract plan.docx           what a document promises, on the terminal
    {"  "}hutong user add li.lei --name 李雷 --role system_administrator
    {"  "}hutong serve --data-dir /var/lib/hutong

    Exit codes:
    {"  "}0 done   1 fault (the operator can mend it)   2 wrong command line   3 wrong configuration
    {"  "}4 refused (you can mend it)   5 a check found something   6 another process holds the data directory
help--config = Configuration file (TOML); else HUTONG_CONFIG, else hutong.toml where it lies here
help--lang = Language of the answers
help--data-dir = Folder that holds the store, the files and the ledger
help--settings = Any setting, e.g. --set log.format=json (see `hutong config show`); may be repeated
help-serve = Serve the district's pages and API until told to stop (SIGTERM or Ctrl-C)
help--listen = Address and port; port 0 takes a free one
help-demo = Serve a made-up district, filled on the first start, to look around in
help-demo-after = The data lie in hutong-demo unless --data-dir says otherwise. The district, its bodies and its people are
    invented and laid out relative to the day of the first start. Nobody needs a password: choose a role and sign in
    with one click.

    Examples:
    {"  "}hutong demo
    {"  "}hutong demo --listen 127.0.0.1:9000 --data-dir /tmp/look
    {"  "}hutong demo --fill-only --data-dir /tmp/look
help-demo--fill-only = Fill the data directory and stop
help-demo--as-if = Day on which the district is laid out, instead of today (YYYY-MM-DD)
help-plan = Read plan documents
help-plan-extract = Print what a plan document promises: metadata, outline, targets, tasks, bodies, systems
help-plan-extract-after = Reads txt, Markdown, HTML, DOCX, XLSX task lists and PDF with text, in UTF-8 or GB18030. Nothing is stored.
    The keys of the JSON are described in docs/extract.md.

    Examples:
    {"  "}hutong plan extract plan.pdf
    {"  "}hutong plan extract plan.docx --format json --out plan.json
help-plan-extract--file = The document
help-plan-extract--format = Form of the answer
help--out = Write to this file instead of the terminal
help-ledger = Prove and audit the journal's ledger
help-ledger-vkey = Print the key that checks the ledger's signatures
help-ledger-prove = Print the proof that a journal entry is in the ledger
help-ledger-prove-after = Example:
    {"  "}hutong ledger prove 42 --out entry-42.tlog-proof
help-ledger-prove--seq = Number of the journal entry, from 1
help-ledger-verify = Check a proof file offline, with nothing but the file and the key
help-ledger-verify-after = The key must come to you by another way than the proof: from the district's published notice, for example.

    Example:
    {"  "}hutong ledger verify entry-42.tlog-proof --vkey 'hutong.invalid/huaian+1a2b3c4d+AbC…'
help-ledger-verify--file = The proof file
help-ledger-verify--vkey = The key as `hutong ledger vkey` prints it
help-ledger-audit = Recompute the whole ledger from the journal and compare
help-ledger-status = Print size, head and age of the ledger
help-user = Keep the first persons and their roles; while a server runs, only the list works
help-user-add = Register a person who can sign in
help-user-add-after = The password is read from standard input, or made up and printed once with --generate.

    Example:
    {"  "}hutong user add wang.min --name 王敏 --role security_administrator --generate
help-user-add--user-name = What they type to sign in: lower-case letters, digits, `.`, `-`, `_`
help-user-add--name = Their name
help-user-add--organisation = The body they work for, by its name
help-user-add--roles = A role; may be repeated
help--generate = Make up a password and print it once
help-user-list = List persons with their roles
help--json = As JSON
help-user-password = Set a person's password
help-user-password--user-name = What they type to sign in
help-user-grant = Give a role
help-user-grant--user-name = What they type to sign in
help-user-grant--role = The role, e.g. plan_supervisor
help-user-grant--reason = Why; the journal keeps it
help-user-revoke = Take a role back, from today on
help-user-revoke--user-name = What they type to sign in
help-user-revoke--role = The role, e.g. plan_supervisor
help-user-revoke--reason = Why; the journal keeps it
help-backup = Copy the data directory to a new folder while the server runs or not
help-backup-after = The copy is consistent: the store of one moment, every file that it names, and the ledger as far as
    it was signed by then; what the ledger lacks is added at the next start. The ledger's private key
    is in the copy: keep it safe. DIR must not exist or be empty.

    Example:
    {"  "}hutong backup /backup/2026-11-23
help-backup--dir = The new folder
help-restore = Make a data directory from a backup
help-restore-after = Checks every file against the backup's list, then the store, then the ledger against the journal. The data
    directory must not exist or be empty.

    Example:
    {"  "}hutong restore /backup/2026-11-23 --data-dir /var/lib/hutong
help-restore--dir = The backup's folder
help-doctor = Look for what is wrong with this installation and say what to do
help-config = Check and show the configuration
help-config-check = Check the configuration and say what is wrong
help-config-schema = Print the JSON schema of the configuration file
help-config-show = Print every setting with its value and who set it
help-completion = Print a completion script for a shell
help-completion-after = Examples:
    {"  "}hutong completion bash > /etc/bash_completion.d/hutong
    {"  "}hutong completion zsh > ~/.zsh/_hutong
    {"  "}hutong completion fish > ~/.config/fish/completions/hutong.fish
help-completion--shell = The shell
setting-language = Language of the command line, and of pages for visitors whose browser asks for neither.
setting-district-name-zh = Official Chinese name of the district.
setting-district-name-en = English name of the district.
setting-district-time-zone = Time zone in which the district's days begin and end, whatever the machine is set to.
setting-server-listen = Address and port that the server listens on; port 0 takes a free one.
setting-server-request-seconds-max = Seconds after which a request without an answer is given up.
setting-server-drain-seconds-max = Seconds that running requests are given to end when the server is told to stop.
setting-server-form-bytes-max = Largest body of a request that is not an upload, in bytes.
setting-data-dir = Folder that holds the store, the files and the ledger's tiles.
setting-ledger-origin = Name of the ledger in its checkpoints: a host name that you own and a path. Never change it later.
setting-ledger-lock-dir = Folder of the ledger's head, best on another device than data.dir; without it, `ledger-lock` in data.dir.
setting-ledger-key-file = File of the ledger's private key; without it, `signing.key` in ledger.lock_dir.
setting-uploads-document-bytes-max = Largest plan document, in bytes.
setting-uploads-evidence-bytes-max = Largest evidence file, in bytes.
setting-sessions-idle-minutes-max = Minutes without a request after which a person must sign in again.
setting-sessions-hours-max = Hours after which a person must sign in again, busy or not.
setting-sessions-secure-cookies = Send cookies over https only; set it to true behind a proxy that speaks https.
setting-log-format = Form of the log lines on standard error.
setting-log-level = Least important log lines that are still written.

cli-proof-good = The proof holds: entry { $seq } of the ledger { $origin }, whose signed head covers { $size } entries.
cli-proof-bad = The proof does not hold: { $sentence } [{ $code }]
cli-proof-entry = { $kind } { $id } version { $version }, { $at }, reason: { $reason }
cli-proof-erased = The text of this entry was erased; its place is proven.
cli-audit-clean = The ledger { $origin } agrees with the journal: { $entries } entries, { $sequenced } in the ledger, { $tiles } files compared.
cli-audit-found = The ledger { $origin } has { $findings } findings: { $entries } entries, { $sequenced } in the ledger, { $tiles } files compared.
cli-user-reason = registered on the command line
cli-user-added = { $user_name } was registered.
cli-user-password = First password (shown once): { $password }
cli-user-type-password = Type the first password and press Enter:
cli-user-granted = { $user_name } was given the role: { $role }.
cli-user-revoked = The role was taken back from { $user_name }: { $role }.
cli-backup-done = Saved to { $dir }: everything up to journal entry { $head }.
cli-restore-done = Restored to { $dir }: everything up to journal entry { $head }; store and ledger were checked.
cli-restore-found = Restored, but the checks have { $findings } findings. Do not use it.
cli-progress-audit = auditing
cli-progress-backup = saving
cli-progress-restore = restoring
cli-progress-check = checking the store
extract-title = Title
extract-issuer = Issuer
extract-date = Date
extract-number = Number
extract-deliberation = Approval
extract-period = Period
extract-outline = Outline ({ $count })
extract-targets = Targets ({ $count })
extract-achievements = Achievements ({ $count })
extract-tasks = Tasks of tables ({ $count })
extract-prose-tasks = Tasks in the text ({ $count })
extract-systems = Platforms and systems ({ $count })
extract-status-existing = existing
extract-status-build = to be built
extract-status-upgrade = to be upgraded
extract-status-use = used
extract-line = line { $line }
extract-open = (ambiguous, to be decided)
extract-responsible = ; responsible: { $names }
extract-cooperating = ; cooperating: { $names }
doctor-level-good = good
doctor-level-advice = advice
doctor-level-warning = warning
doctor-level-error = error
doctor-config-good = The configuration is good.
doctor-clock-good = It is { $now } in the district ({ $zone }).
doctor-clock-error = The machine's clock is wrong: it would be { $now } in the district ({ $zone }). Set it before starting the server.
doctor-calendar-good = The working calendar is published up to { $last }.
doctor-calendar-advice = The working calendar is published up to { $last } only; next year's working days are provisional. Upgrade when it is published.
doctor-calendar-warning = The working calendar is published up to { $last } only; this year's ({ $year }) working days are provisional. Upgrade.
doctor-directory-good = The data directory { $dir } has mode { $mode }.
doctor-directory-advice = The data directory { $dir } does not exist; the first start makes it.
doctor-directory-warning = The data directory { $dir } has mode { $mode }: other users get in. Run chmod 700.
doctor-space-good = { $free } of space are free.
doctor-space-warning = Only { $free } of space are free. Make room: on a full disk no change can be saved.
doctor-empty-advice = There are no data in { $dir } yet.
doctor-key-good = The ledger's private key { $file } has mode { $mode }.
doctor-key-error = The ledger's private key { $file } has mode { $mode }: others can read it. Run chmod 600, and consider a new key.
doctor-held-good = A server uses { $dir }; store and ledger are checked beside it.
doctor-store-good = The store is as it must be.
doctor-store-error = The store has { $count } findings; only some are listed above.
doctor-demo-advice = The data are synthetic; do not use them for real work.
doctor-ledger-advice = There is no ledger yet; the first start of the server makes it.
doctor-journal-good = The journal has { $head } entries.
cli-ledger-status = ledger { $origin }
    entries { $size }
    root { $root }
    written { $written }
    key { $vkey }
cli-progress-demo = filling the demo district
cli-demo-filled = The demo district was filled in { $dir }.
