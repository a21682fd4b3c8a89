-- Everything the coordinator remembers. Times are milliseconds since 1970-01-01 UTC. JSON columns hold text.

CREATE TABLE studies (
  number       INTEGER PRIMARY KEY,                -- order of submission, from 1 without gaps
  id           TEXT NOT NULL UNIQUE,               -- from the name and the set of keys
  name         TEXT NOT NULL,
  title        TEXT NOT NULL,
  definition   TEXT NOT NULL,                      -- as submitted
  filename     TEXT NOT NULL,
  overrides    TEXT NOT NULL,                      -- JSON array
  state        TEXT NOT NULL CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
  jobs_total   INTEGER NOT NULL,
  points_total INTEGER NOT NULL,
  created_at   INTEGER NOT NULL,
  finished_at  INTEGER
);
CREATE INDEX studies_by_name ON studies (name, number);

CREATE TABLE jobs (
  number      INTEGER PRIMARY KEY,                 -- from 1 without gaps
  key         TEXT NOT NULL UNIQUE,
  kind        TEXT NOT NULL,
  label       TEXT NOT NULL,
  spec        TEXT NOT NULL,
  hints       TEXT NOT NULL,
  state       TEXT NOT NULL CHECK (state IN ('blocked', 'queued', 'running', 'succeeded', 'failed', 'cancelled')),
  rank        INTEGER NOT NULL GENERATED ALWAYS AS (       -- order on a page of jobs: failed first
                CASE state WHEN 'failed' THEN 0 WHEN 'running' THEN 1 WHEN 'queued' THEN 2 WHEN 'blocked' THEN 3
                           WHEN 'cancelled' THEN 4 ELSE 5 END) STORED,
  doomed      INTEGER NOT NULL DEFAULT 0,          -- blocked by an input that failed
  error       TEXT,                                -- JSON {code, message, fix, …} of a failed or doomed job
  attempt     INTEGER NOT NULL DEFAULT 0,          -- number of the last attempt
  tries       INTEGER NOT NULL DEFAULT 0,          -- used up by crashes and losses
  worker      TEXT,                                -- id of who runs it or ran it last
  progress    TEXT,                                -- JSON {done, total, unit, message} of the running attempt
  created_at  INTEGER NOT NULL,
  changed_at  INTEGER NOT NULL,                    -- of the state
  started_at  INTEGER,
  finished_at INTEGER
);
CREATE INDEX jobs_by_rank ON jobs (rank, number);

CREATE TABLE study_jobs (
  study INTEGER NOT NULL REFERENCES studies,
  job   INTEGER NOT NULL REFERENCES jobs,
  PRIMARY KEY (study, job)
) WITHOUT ROWID;
CREATE INDEX study_jobs_by_job ON study_jobs (job);

-- How far each stage of a study is, kept by the triggers below so that a page costs the same with a million jobs.
CREATE TABLE study_stages (
  study            INTEGER NOT NULL REFERENCES studies,
  kind             TEXT NOT NULL,
  position         INTEGER NOT NULL,               -- order of the stages: number of the first job
  total            INTEGER NOT NULL DEFAULT 0,
  known            INTEGER NOT NULL DEFAULT 0,     -- succeeded before this study asked
  blocked          INTEGER NOT NULL DEFAULT 0,
  queued           INTEGER NOT NULL DEFAULT 0,
  running          INTEGER NOT NULL DEFAULT 0,
  succeeded        INTEGER NOT NULL DEFAULT 0,
  failed           INTEGER NOT NULL DEFAULT 0,
  cancelled        INTEGER NOT NULL DEFAULT 0,
  first_started_at INTEGER,
  last_finished_at INTEGER,
  PRIMARY KEY (study, kind)
) WITHOUT ROWID;

CREATE TRIGGER study_jobs_count AFTER INSERT ON study_jobs BEGIN
  INSERT OR IGNORE INTO study_stages (study, kind, position) SELECT new.study, kind, number FROM jobs WHERE number = new.job;
  UPDATE study_stages
  SET total = total + 1,
      known = known + (j.state = 'succeeded'),
      blocked = blocked + (j.state = 'blocked'),
      queued = queued + (j.state = 'queued'),
      running = running + (j.state = 'running'),
      succeeded = succeeded + (j.state = 'succeeded'),
      failed = failed + (j.state = 'failed'),
      cancelled = cancelled + (j.state = 'cancelled')
  FROM (SELECT kind, state FROM jobs WHERE number = new.job) AS j
  WHERE study_stages.study = new.study AND study_stages.kind = j.kind;
END;

CREATE TRIGGER jobs_state_count AFTER UPDATE OF state ON jobs WHEN old.state <> new.state BEGIN
  UPDATE study_stages
  SET blocked = blocked + (new.state = 'blocked') - (old.state = 'blocked'),
      queued = queued + (new.state = 'queued') - (old.state = 'queued'),
      running = running + (new.state = 'running') - (old.state = 'running'),
      succeeded = succeeded + (new.state = 'succeeded') - (old.state = 'succeeded'),
      failed = failed + (new.state = 'failed') - (old.state = 'failed'),
      cancelled = cancelled + (new.state = 'cancelled') - (old.state = 'cancelled'),
      first_started_at = CASE WHEN new.state = 'running' AND first_started_at IS NULL THEN new.changed_at
                              ELSE first_started_at END,
      last_finished_at = CASE WHEN new.state = 'succeeded' THEN new.changed_at ELSE last_finished_at END
  WHERE kind = new.kind AND study IN (SELECT study FROM study_jobs WHERE job = new.number);
END;

CREATE TABLE job_inputs (
  job   INTEGER NOT NULL REFERENCES jobs,
  role  TEXT NOT NULL,
  input INTEGER NOT NULL REFERENCES jobs,
  PRIMARY KEY (job, role)
) WITHOUT ROWID;

CREATE TABLE points (
  study               INTEGER NOT NULL REFERENCES studies,
  score_job           INTEGER NOT NULL REFERENCES jobs,
  position            INTEGER NOT NULL,            -- order in the definition
  model_job           INTEGER NOT NULL REFERENCES jobs,
  ratio               TEXT NOT NULL,
  ratio_value         REAL,
  sizes               TEXT NOT NULL,               -- JSON array
  steps_per_scale     INTEGER NOT NULL,
  total_steps         INTEGER NOT NULL,
  guidance            REAL NOT NULL,
  guidance_start_step INTEGER NOT NULL,
  seed                INTEGER NOT NULL,
  samples             INTEGER NOT NULL,
  PRIMARY KEY (study, score_job)
) WITHOUT ROWID;
CREATE INDEX points_by_score ON points (score_job);

CREATE TABLE workers (
  id           TEXT PRIMARY KEY,
  name         TEXT NOT NULL,
  version      TEXT NOT NULL,
  device       TEXT NOT NULL,                      -- JSON
  slots        INTEGER NOT NULL,
  state        TEXT NOT NULL CHECK (state IN ('online', 'offline', 'draining')),
  connected_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL
);

CREATE TABLE attempts (
  job         INTEGER NOT NULL REFERENCES jobs,
  number      INTEGER NOT NULL,
  worker      TEXT NOT NULL REFERENCES workers,
  state       TEXT NOT NULL CHECK (state IN ('assigned', 'running', 'succeeded', 'failed', 'crashed', 'lost', 'preempted',
                                             'cancelled')),
  assigned_at INTEGER NOT NULL,
  started_at  INTEGER,
  ended_at    INTEGER,
  error       TEXT,                                -- JSON
  PRIMARY KEY (job, number)
) WITHOUT ROWID;

CREATE TABLE results (
  job          INTEGER PRIMARY KEY REFERENCES jobs, -- one result a key
  attempt      INTEGER NOT NULL,
  worker       TEXT NOT NULL,
  code_version TEXT NOT NULL,
  result       TEXT NOT NULL,                      -- JSON {metrics, artifacts, identity}
  recorded_at  INTEGER NOT NULL
);

-- One number with its identity.
CREATE TABLE measurements (
  job               INTEGER NOT NULL REFERENCES jobs,
  metric            TEXT NOT NULL,
  value             REAL NOT NULL,
  uncertainty       REAL,
  n                 INTEGER NOT NULL,
  seed              INTEGER NOT NULL,
  network_sha256    TEXT NOT NULL,
  reference_sha256  TEXT NOT NULL,
  evaluator_version TEXT NOT NULL,
  code_version      TEXT NOT NULL,
  precision         TEXT NOT NULL,
  recorded_at       INTEGER NOT NULL,
  PRIMARY KEY (job, metric)
) WITHOUT ROWID;

CREATE TABLE artifacts (
  sha256     TEXT PRIMARY KEY,
  bytes      INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE job_artifacts (
  job    INTEGER NOT NULL REFERENCES jobs,
  name   TEXT NOT NULL,
  sha256 TEXT NOT NULL REFERENCES artifacts,
  PRIMARY KEY (job, name)
) WITHOUT ROWID;

CREATE TABLE checkpoints (
  job         INTEGER PRIMARY KEY REFERENCES jobs, -- only the last one is kept
  attempt     INTEGER NOT NULL,
  step        INTEGER NOT NULL,
  name        TEXT NOT NULL,
  sha256      TEXT NOT NULL,
  bytes       INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL
);

CREATE TABLE curves (
  job     INTEGER NOT NULL REFERENCES jobs,
  series  TEXT NOT NULL,
  step    INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  value   REAL NOT NULL,
  PRIMARY KEY (job, series, step)                  -- a later attempt overwrites
) WITHOUT ROWID;

CREATE TABLE logs (
  job     INTEGER NOT NULL REFERENCES jobs,
  seq     INTEGER NOT NULL,                        -- from 1, over all attempts of the job
  attempt INTEGER NOT NULL,
  time    TEXT NOT NULL,
  level   TEXT NOT NULL,
  text    TEXT NOT NULL,
  PRIMARY KEY (job, seq)
) WITHOUT ROWID;

CREATE TABLE events (
  id         INTEGER PRIMARY KEY,                  -- grows; only the newest are kept
  type       TEXT NOT NULL,
  studies    TEXT NOT NULL,                        -- JSON array of study ids; empty concerns all
  data       TEXT NOT NULL,
  created_at INTEGER NOT NULL
);

-- ---- views for people ----

CREATE VIEW jobs_overview AS
SELECT s.name AS study, j.key, j.kind, j.label, j.state, j.attempt AS attempts,
       (SELECT name FROM workers WHERE id = j.worker) AS worker,
       json_extract(j.error, '$.message') AS error,
       strftime('%Y-%m-%dT%H:%M:%fZ', j.created_at / 1000.0, 'unixepoch') AS created_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', j.started_at / 1000.0, 'unixepoch') AS started_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', j.finished_at / 1000.0, 'unixepoch') AS finished_at,
       (j.finished_at - j.started_at) / 1000.0 AS seconds,
       s.id AS study_id
FROM jobs j JOIN study_jobs sj ON sj.job = j.number JOIN studies s ON s.number = sj.study;

-- One row a measurement, with all that identifies it.
CREATE VIEW results_long AS
SELECT s.name AS study, p.ratio, p.ratio_value, p.sizes, p.steps_per_scale, p.total_steps, p.guidance,
       p.guidance_start_step, m.metric, m.value, m.uncertainty, m.n, m.seed, m.precision, m.network_sha256,
       m.reference_sha256, m.evaluator_version, m.code_version, j.key AS score_key, s.id AS study_id
FROM points p
JOIN studies s ON s.number = p.study
JOIN jobs j ON j.number = p.score_job
JOIN measurements m ON m.job = p.score_job;

-- One row a measured point: FID against IS for each guidance.
CREATE VIEW fig_4a AS
SELECT s.name AS study, p.ratio, p.ratio_value, p.steps_per_scale, p.total_steps, p.guidance, p.seed,
       f.value AS fid, f.uncertainty AS fid_uncertainty,
       i.value AS inception_score, i.uncertainty AS inception_score_uncertainty,
       f.n, f.precision, f.network_sha256, f.reference_sha256, f.evaluator_version, f.code_version, j.key AS score_key,
       s.id AS study_id
FROM points p
JOIN studies s ON s.number = p.study
JOIN jobs j ON j.number = p.score_job
JOIN measurements f ON f.job = p.score_job AND f.metric = 'fid'
LEFT JOIN measurements i ON i.job = p.score_job AND i.metric = 'inception_score';

-- The paper's Fig. 5: for each ratio and number of steps the guidance with the least FID; the Inception Score there, and its mean
-- and range over all guidance values whose FID is within 2 % of the least. Numbers of different identity never meet in a row.
CREATE VIEW fig_5 AS
WITH scored AS (
  SELECT *, MIN(fid) OVER same AS least_fid, ROW_NUMBER() OVER (same ORDER BY fid, guidance) AS place
  FROM fig_4a
  WINDOW same AS (PARTITION BY study_id, ratio, steps_per_scale, total_steps, n, precision, network_sha256, reference_sha256,
                  evaluator_version)
)
SELECT study, ratio, ratio_value, steps_per_scale, total_steps,
       MAX(CASE WHEN place = 1 THEN guidance END) AS best_guidance,
       least_fid AS fid,
       MAX(CASE WHEN place = 1 THEN fid_uncertainty END) AS fid_uncertainty,
       AVG(inception_score) AS is_mean, MIN(inception_score) AS is_min, MAX(inception_score) AS is_max,
       MAX(CASE WHEN place = 1 THEN inception_score_uncertainty END) AS inception_score_uncertainty,
       n, MAX(CASE WHEN place = 1 THEN inception_score END) AS inception_score,
       MAX(CASE WHEN place = 1 THEN seed END) AS seed, precision, network_sha256, reference_sha256, evaluator_version,
       MAX(CASE WHEN place = 1 THEN code_version END) AS code_version,
       MAX(CASE WHEN place = 1 THEN score_key END) AS score_key, study_id
FROM scored
WHERE fid <= least_fid * 1.02
GROUP BY study_id, ratio, steps_per_scale, total_steps, n, precision, network_sha256, reference_sha256, evaluator_version
ORDER BY study, ratio_value IS NULL, ratio_value, steps_per_scale;
