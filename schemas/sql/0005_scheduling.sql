-- What scheduling remembers over a restart: whose fault ended attempts were, how studies stand to each other, and which
-- workers are held back.

ALTER TABLE jobs ADD COLUMN losses INTEGER NOT NULL DEFAULT 0;       -- attempts that had begun and went with their worker
ALTER TABLE jobs ADD COLUMN preemptions INTEGER NOT NULL DEFAULT 0;  -- attempts that a worker gave back
ALTER TABLE jobs ADD COLUMN retry_at INTEGER;                        -- of a queued job that crashed: not tried before

ALTER TABLE studies ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;  -- larger runs first
ALTER TABLE studies ADD COLUMN deadline INTEGER;
ALTER TABLE studies ADD COLUMN owner TEXT NOT NULL DEFAULT '';       -- users share alike

ALTER TABLE workers ADD COLUMN labels TEXT NOT NULL DEFAULT '{}';    -- JSON object of texts
ALTER TABLE workers ADD COLUMN draining INTEGER NOT NULL DEFAULT 0;
ALTER TABLE workers ADD COLUMN quarantines INTEGER NOT NULL DEFAULT 0;  -- in a row; 0: nothing is held against it
ALTER TABLE workers ADD COLUMN quarantined_until INTEGER;               -- null with quarantines > 0: tried with one job

-- Workers of this name or id get no work, now and later.
CREATE TABLE cordons (
  worker     TEXT PRIMARY KEY,
  created_at INTEGER NOT NULL
) WITHOUT ROWID;
