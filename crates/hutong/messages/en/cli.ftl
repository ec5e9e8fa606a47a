# The command line. The English help itself stands in src/cli/args.rs.
cli-failure-config = The configuration is wrong:
    { $detail }
cli-failure-refused = { $sentence } [{ $code }]
cli-failure-held = Another process holds the data directory { $dir }. Stop it first, or name another directory with --data-dir.
cli-failure-fault = It did not work: { $detail }
cli-config-good = The configuration is good: { $count } settings checked.
