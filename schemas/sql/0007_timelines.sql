-- When things happened to a job, over all its attempts; and what workers last said about their devices.

ALTER TABLE jobs ADD COLUMN queued_at INTEGER;         -- when it last became ready to run
ALTER TABLE attempts ADD COLUMN queued_at INTEGER;     -- when the job became ready before this attempt
ALTER TABLE attempts ADD COLUMN fetched_at INTEGER;    -- when the worker had all inputs; null when there was nothing to fetch
ALTER TABLE workers ADD COLUMN load TEXT;              -- JSON array of its devices; null when it does not know

-- Every checkpoint there was. `checkpoints` holds the one that counts; the files of the others may go.
CREATE TABLE checkpoint_history (
  job         INTEGER NOT NULL REFERENCES jobs,
  attempt     INTEGER NOT NULL,
  step        INTEGER NOT NULL,
  sha256      TEXT NOT NULL,
  bytes       INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  PRIMARY KEY (job, attempt, step)
) WITHOUT ROWID;
INSERT INTO checkpoint_history SELECT job, attempt, step, sha256, bytes, recorded_at FROM checkpoints;
