-- Studies that search for guidance (sweeps/search): they grow while their scores arrive. Points are the measurements with all
-- images; screens, with few, stand here alone and never among points, so that no view of results can mix them.

CREATE TABLE searches (
  study   INTEGER PRIMARY KEY REFERENCES studies,
  subject TEXT NOT NULL                            -- JSON {definition, content, files}: all that planning needs
);

CREATE TABLE guidance_values (
  study           INTEGER NOT NULL REFERENCES studies,
  position        INTEGER NOT NULL,                -- order in the whole grid; a point's position is that of its value
  model_key       TEXT NOT NULL,
  ratio           TEXT NOT NULL,
  ratio_value     REAL,
  steps_per_scale INTEGER NOT NULL,
  total_steps     INTEGER NOT NULL,
  guidance        REAL NOT NULL,
  seed            INTEGER NOT NULL,
  screen_samples  INTEGER NOT NULL,
  samples         INTEGER NOT NULL,
  screen_job      INTEGER REFERENCES jobs,         -- where the search wants it
  score_job       INTEGER REFERENCES jobs,         -- where the search wants it
  decision        TEXT NOT NULL CHECK (decision IN ('open', 'skipped', 'screened_out', 'above', 'within', 'minimum', 'failed')),
  reason          TEXT NOT NULL,
  PRIMARY KEY (study, position)
) WITHOUT ROWID;

-- One row a value of the grid: what was decided about it and why, with both numbers. A screened FID is comparable with screened
-- FIDs of its own curve only.
CREATE VIEW guidance_search AS
SELECT s.name AS study, v.ratio, v.ratio_value, v.steps_per_scale, v.total_steps, v.guidance, v.seed, v.decision, v.reason,
       sm.value AS screen_fid, sm.uncertainty AS screen_fid_uncertainty, v.screen_samples AS screen_n,
       f.value AS fid, f.uncertainty AS fid_uncertainty, v.samples AS n,
       i.value AS inception_score, i.uncertainty AS inception_score_uncertainty,
       v.screen_job IS NOT NULL AS screened, v.score_job IS NOT NULL AS measured,
       CASE WHEN v.score_job IS NOT NULL THEN v.samples WHEN v.screen_job IS NOT NULL THEN v.screen_samples ELSE 0 END AS images,
       sj.key AS screen_key, fj.key AS score_key, v.model_key, v.position, s.id AS study_id
FROM guidance_values v
JOIN studies s ON s.number = v.study
LEFT JOIN jobs sj ON sj.number = v.screen_job
LEFT JOIN jobs fj ON fj.number = v.score_job
LEFT JOIN measurements sm ON sm.job = v.screen_job AND sm.metric = 'fid'
LEFT JOIN measurements f ON f.job = v.score_job AND f.metric = 'fid'
LEFT JOIN measurements i ON i.job = v.score_job AND i.metric = 'inception_score'
ORDER BY v.study, v.position;
