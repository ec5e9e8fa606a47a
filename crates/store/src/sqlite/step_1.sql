-- The spine. A step is never edited once it has been released; write the next one.
CREATE TABLE schema_version (version INTEGER NOT NULL) STRICT;
CREATE TABLE kind (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE journal (
  seq INTEGER PRIMARY KEY,
  kind INTEGER NOT NULL,
  record BLOB NOT NULL,
  version INTEGER NOT NULL,
  at INTEGER NOT NULL,
  person BLOB,
  salt BLOB NOT NULL,
  commitment BLOB NOT NULL,
  canonical TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX journal_by_record ON journal (record, kind, version);
CREATE INDEX journal_by_kind ON journal (kind);
CREATE INDEX journal_by_person ON journal (person) WHERE person IS NOT NULL;
-- Operational state, outside the journal. The list is closed: see operational::TABLES.
CREATE TABLE op_answer (
  owner TEXT NOT NULL,
  key TEXT NOT NULL,
  digest BLOB NOT NULL,
  at INTEGER NOT NULL,
  first_seq INTEGER NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (owner, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX op_answer_by_age ON op_answer (at);
CREATE TABLE op_credential (
  person BLOB NOT NULL PRIMARY KEY,
  hash TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  must_change INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE op_failure (
  key TEXT NOT NULL PRIMARY KEY,
  count INTEGER NOT NULL,
  since INTEGER NOT NULL,
  locked_until INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE op_follower (name TEXT NOT NULL PRIMARY KEY, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE op_lease (
  name TEXT NOT NULL PRIMARY KEY,
  holder TEXT NOT NULL,
  until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE op_session (
  token_hash BLOB NOT NULL PRIMARY KEY,
  person BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  data TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX op_session_by_person ON op_session (person);
CREATE INDEX op_session_by_end ON op_session (expires_at);
