-- Studies as sets that people change: revisions, a rest, a pinned code version, an archive.

ALTER TABLE studies ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;  -- the present one
ALTER TABLE studies ADD COLUMN fingerprint TEXT;                     -- name and present set of keys; null: as the id says
ALTER TABLE studies ADD COLUMN code TEXT;                            -- its jobs go to workers of this code version
ALTER TABLE studies ADD COLUMN paused INTEGER NOT NULL DEFAULT 0;
ALTER TABLE studies ADD COLUMN archived_at INTEGER;                  -- null: shown in lists

-- Every definition that a study had. The set of keys at the end of a revision follows from the present one (study_jobs) and the
-- changes of later revisions.
CREATE TABLE study_revisions (
  study         INTEGER NOT NULL REFERENCES studies,
  number        INTEGER NOT NULL,                  -- from 1 without gaps
  title         TEXT NOT NULL,
  definition    TEXT NOT NULL,                     -- as submitted
  filename      TEXT NOT NULL,
  overrides     TEXT NOT NULL,                     -- JSON array
  given         TEXT NOT NULL,                     -- JSON {dataset, files}: what whoever submitted had found and hashed
  code          TEXT,
  submitted_by  TEXT NOT NULL,                     -- empty: not known
  created_at    INTEGER NOT NULL,
  jobs_added    INTEGER NOT NULL,
  jobs_removed  INTEGER NOT NULL,
  jobs_shared   INTEGER NOT NULL,                  -- with the revision before
  points_total  INTEGER NOT NULL,
  PRIMARY KEY (study, number)
) WITHOUT ROWID;

INSERT INTO study_revisions
SELECT number, 1, title, definition, filename, overrides, '{"dataset":null,"files":[]}', NULL, '', created_at, jobs_total, 0, 0,
       points_total
FROM studies;

-- From the second revision on.
CREATE TABLE study_revision_jobs (
  study    INTEGER NOT NULL REFERENCES studies,
  revision INTEGER NOT NULL,
  job      INTEGER NOT NULL REFERENCES jobs,
  change   TEXT NOT NULL CHECK (change IN ('added', 'removed')),
  PRIMARY KEY (study, revision, job)
) WITHOUT ROWID;

-- A job leaves a study: the counts of 0001_initial.sql backwards.
CREATE TRIGGER study_jobs_uncount AFTER DELETE ON study_jobs BEGIN
  UPDATE study_stages
  SET total = total - 1,
      known = MIN(known, succeeded - (j.state = 'succeeded')),
      blocked = blocked - (j.state = 'blocked'),
      queued = queued - (j.state = 'queued'),
      running = running - (j.state = 'running'),
      succeeded = succeeded - (j.state = 'succeeded'),
      failed = failed - (j.state = 'failed'),
      cancelled = cancelled - (j.state = 'cancelled')
  FROM (SELECT kind, state FROM jobs WHERE number = old.job) AS j
  WHERE study_stages.study = old.study AND study_stages.kind = j.kind;
  DELETE FROM study_stages WHERE study = old.study AND total = 0;
END;

-- Which code version made each result of a study.
CREATE VIEW study_code_versions AS
SELECT s.name AS study, j.kind, r.code_version, COUNT(*) AS results, MIN(r.recorded_at) AS first_recorded_at,
       MAX(r.recorded_at) AS last_recorded_at, s.id AS study_id
FROM study_jobs sj
JOIN studies s ON s.number = sj.study
JOIN jobs j ON j.number = sj.job
JOIN results r ON r.job = sj.job
GROUP BY s.id, j.kind, r.code_version;
