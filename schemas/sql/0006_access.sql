-- Who may ask, who asked for what, and what was answered to requests that may be repeated. None of it can be read through the
-- SQL console.

CREATE TABLE tokens (
  id           TEXT PRIMARY KEY,                   -- public: names the token in lists, sessions and the audit log
  sha256       TEXT NOT NULL UNIQUE,               -- of the token's text, which is kept nowhere
  user         TEXT NOT NULL,                      -- whom it was given to
  role         TEXT NOT NULL CHECK (role IN ('read', 'submit', 'worker', 'admin')),
  label        TEXT NOT NULL,
  worker       TEXT NOT NULL,                      -- the one name that a worker may have with it; empty: any
  created_at   INTEGER NOT NULL,
  created_by   TEXT NOT NULL,
  expires_at   INTEGER,
  revoked_at   INTEGER,
  last_used_at INTEGER                             -- about: written once a minute
) WITHOUT ROWID;

CREATE TABLE audit (
  number  INTEGER PRIMARY KEY,
  time    INTEGER NOT NULL,
  user    TEXT NOT NULL,
  token   TEXT NOT NULL,                           -- its id; 'owner' for the owner's token file
  role    TEXT NOT NULL,
  method  TEXT NOT NULL,
  route   TEXT NOT NULL,                           -- the pattern of the address
  subject TEXT NOT NULL,                           -- the address asked for, and what the answer names
  status  INTEGER,                                 -- of the answer; none while it is not known, or for ever after a crash
  address TEXT NOT NULL
);
CREATE INDEX audit_by_time ON audit (time);

-- An entry gets its outcome once and stays so.
CREATE TRIGGER audit_stays BEFORE UPDATE ON audit
WHEN old.status IS NOT NULL OR new.number <> old.number OR new.time <> old.time OR new.user <> old.user OR new.token <> old.token
  OR new.role <> old.role OR new.method <> old.method OR new.route <> old.route OR new.address <> old.address
BEGIN
  SELECT RAISE(ABORT, 'the audit log is only added to');
END;

CREATE TABLE replies (
  token        TEXT NOT NULL,
  key          TEXT NOT NULL,                      -- Idempotency-Key
  sha256       TEXT NOT NULL,                      -- of what was asked: method, address and body
  status       INTEGER NOT NULL,
  content_type TEXT NOT NULL,
  body         TEXT NOT NULL,
  created_at   INTEGER NOT NULL,
  PRIMARY KEY (token, key)
) WITHOUT ROWID;
CREATE INDEX replies_by_time ON replies (created_at);
