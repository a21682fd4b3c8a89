-- Attempts that several workers do together: who had which rank. None for an attempt that one worker does alone.

CREATE TABLE attempt_ranks (
  job      INTEGER NOT NULL REFERENCES jobs,
  attempt  INTEGER NOT NULL,
  rank     INTEGER NOT NULL,                 -- from 0, whose worker is the attempt's
  worker   TEXT NOT NULL REFERENCES workers,
  ended_at INTEGER,                          -- its part ended, or the attempt did
  PRIMARY KEY (job, attempt, rank)
) WITHOUT ROWID;
CREATE INDEX attempt_ranks_open ON attempt_ranks (worker) WHERE ended_at IS NULL;
