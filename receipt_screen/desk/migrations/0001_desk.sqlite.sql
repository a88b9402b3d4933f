CREATE TABLE receipt_screen_meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE submissions (
  number INTEGER PRIMARY KEY,
  submission TEXT NOT NULL UNIQUE,
  submitter TEXT,
  received TEXT NOT NULL,
  file TEXT NOT NULL,
  sha256 TEXT,
  verdict TEXT NOT NULL,
  round TEXT,
  checks TEXT NOT NULL,
  rank REAL NOT NULL,
  queued INTEGER NOT NULL,
  audited INTEGER NOT NULL,
  state TEXT NOT NULL,
  claimed_by TEXT,
  claimed_since TEXT,
  claimed_until TEXT,
  dossier BLOB,
  current BLOB
);
CREATE INDEX submissions_queue ON submissions (queued, state, rank, number);
CREATE TABLE events (
  number INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  reviewer TEXT NOT NULL,
  kind TEXT NOT NULL,
  submission TEXT,
  detail TEXT,
  digest TEXT NOT NULL,
  previous TEXT NOT NULL,
  hash TEXT NOT NULL
);
CREATE INDEX events_submission ON events (submission, number);
CREATE INDEX events_reviewer ON events (reviewer, number);
CREATE TRIGGER events_stay BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER events_keep BEFORE UPDATE OF number, at, reviewer, kind, submission, digest, previous, hash ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER events_forget BEFORE UPDATE OF detail ON events WHEN new.detail IS NOT NULL BEGIN SELECT RAISE(ABORT, 'details can only be forgotten'); END;
CREATE TABLE sessions (
  cookie TEXT PRIMARY KEY,
  reviewer TEXT NOT NULL,
  csrf TEXT NOT NULL,
  until TEXT NOT NULL
);
CREATE TABLE invitations (token TEXT PRIMARY KEY, until TEXT NOT NULL);
