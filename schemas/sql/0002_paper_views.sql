-- What the paper's tables and figures ask for. Numbers of a job that is no score stand in its result: those with a dot in their
-- name are one of many ("step.012.mean").

-- Every model of a study with what it is, trained or given.
CREATE VIEW models AS
SELECT s.name AS study, j.key AS model_key, json_extract(j.spec, '$.params.ratio') AS ratio,
       COALESCE(json_extract(j.spec, '$.params.layers'), json_extract(r.result, '$.metrics.layers')) AS layers,
       COALESCE(json_extract(j.spec, '$.params.mixing_layers'), json_extract(r.result, '$.metrics.mixing_layers')) AS mixing_layers,
       json_extract(r.result, '$.metrics.parameters') AS parameters,
       json_extract(j.spec, '$.params.batch') AS batch,
       json_extract(j.spec, '$.params.batch') / json_extract(r.result, '$.metrics.images_per_second') AS seconds_per_batch,
       json_extract(j.spec, '$.params.precision') AS precision,
       (SELECT json_extract(w.device, '$.name') FROM workers w WHERE w.id = r.worker) AS device,
       j.number AS model_job, s.id AS study_id
FROM jobs j
JOIN study_jobs sj ON sj.job = j.number
JOIN studies s ON s.number = sj.study
LEFT JOIN results r ON r.job = j.number
WHERE j.kind = 'train_model' OR (j.kind = 'import_file' AND json_extract(j.spec, '$.params.as') = 'model');

DROP VIEW fig_5;
DROP VIEW fig_4a;

-- One row a measured point: FID against IS for each guidance.
CREATE VIEW fig_4a AS
SELECT s.name AS study, p.ratio, p.ratio_value, p.steps_per_scale, p.total_steps, p.guidance, p.seed,
       f.value AS fid, f.uncertainty AS fid_uncertainty,
       i.value AS inception_score, i.uncertainty AS inception_score_uncertainty,
       f.n, f.precision, f.network_sha256, f.reference_sha256, f.evaluator_version, f.code_version, j.key AS score_key,
       s.id AS study_id, m.key AS model_key, json_extract(m.spec, '$.params.mixing_layers') AS mixing_layers,
       p.guidance_start_step
FROM points p
JOIN studies s ON s.number = p.study
JOIN jobs j ON j.number = p.score_job
JOIN jobs m ON m.number = p.model_job
JOIN measurements f ON f.job = p.score_job AND f.metric = 'fid'
LEFT JOIN measurements i ON i.job = p.score_job AND i.metric = 'inception_score';

-- The paper's Fig. 5: for each model and number of steps the guidance with the least FID; the Inception Score there, and its mean
-- and range over all guidance values whose FID is within 2 % of the least. Numbers of different identity never meet in a row.
CREATE VIEW fig_5 AS
WITH scored AS (
  SELECT *, MIN(fid) OVER same AS least_fid, ROW_NUMBER() OVER (same ORDER BY fid, guidance) AS place
  FROM fig_4a
  WINDOW same AS (PARTITION BY study_id, ratio, model_key, steps_per_scale, total_steps, n, precision, network_sha256,
                  reference_sha256, evaluator_version)
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
       MAX(CASE WHEN place = 1 THEN score_key END) AS score_key, study_id, model_key,
       MAX(mixing_layers) AS mixing_layers
FROM scored
WHERE fid <= least_fid * 1.02
GROUP BY study_id, ratio, model_key, steps_per_scale, total_steps, n, precision, network_sha256, reference_sha256,
         evaluator_version
ORDER BY study, ratio_value IS NULL, ratio_value, mixing_layers, steps_per_scale;

-- Seconds of a whole sampling call, decoding included: median and quartiles over its repetitions.
CREATE VIEW latency AS
SELECT s.name AS study, json_extract(m.spec, '$.params.ratio') AS ratio, m.key AS model,
       json_extract(j.spec, '$.params.steps_per_scale') AS steps_per_scale,
       json_extract(r.result, '$.metrics.total_steps') AS total_steps,
       json_extract(j.spec, '$.params.guidance') AS guidance,
       json_extract(j.spec, '$.params.guidance_start_step') AS guidance_start_step,
       json_extract(j.spec, '$.params.batch') AS batch,
       json_extract(r.result, '$.metrics.median_seconds') AS median_seconds,
       json_extract(r.result, '$.metrics.lower_quartile') AS lower_quartile,
       json_extract(r.result, '$.metrics.upper_quartile') AS upper_quartile,
       json_extract(j.spec, '$.params.repeats') AS repeats,
       json_extract(r.result, '$.identity.device') AS device,
       json_extract(j.spec, '$.params.precision') AS precision,
       r.code_version, j.key AS job_key, s.id AS study_id
FROM jobs j
JOIN results r ON r.job = j.number
JOIN study_jobs sj ON sj.job = j.number
JOIN studies s ON s.number = sj.study
JOIN job_inputs i ON i.job = j.number AND i.role = 'model'
JOIN jobs m ON m.number = i.input
WHERE j.kind = 'measure_latency';

-- Every measurement of entropies that is done, for the two views below.
CREATE VIEW entropy_runs AS
SELECT s.name AS study, json_extract(m.spec, '$.params.ratio') AS ratio,
       json_extract(j.spec, '$.params.steps_per_scale') AS steps_per_scale,
       json_extract(j.spec, '$.params.guidance') AS guidance,
       json_extract(j.spec, '$.params.guidance_start_step') AS guidance_start_step,
       json_extract(j.spec, '$.params.samples') AS n, json_extract(j.spec, '$.params.seed') AS seed,
       json_extract(j.spec, '$.params.precision') AS precision,
       m.key AS model_key, r.code_version, j.key AS job_key, s.id AS study_id, r.result
FROM jobs j
JOIN results r ON r.job = j.number
JOIN study_jobs sj ON sj.job = j.number
JOIN studies s ON s.number = sj.study
JOIN job_inputs i ON i.job = j.number AND i.role = 'model'
JOIN jobs m ON m.number = i.input
WHERE j.kind = 'measure_entropy';

-- The paper's Fig. 6: entropy in nats of the distribution that a token is drawn from, over all samples and tokens of a step.
-- Steps count from 0 over all scales; `side` is the scale's, `tokens` those of one sample in the step.
CREATE VIEW entropy_by_step AS
SELECT study, ratio, steps_per_scale, guidance, CAST(substr(e.key, 6, 4) AS INTEGER) AS step,
       CAST(json_extract(result, '$.metrics."' || substr(e.key, 1, 10) || 'side"') AS INTEGER) AS side,
       CAST(json_extract(result, '$.metrics."' || substr(e.key, 1, 10) || 'tokens"') AS INTEGER) AS tokens,
       e.value AS mean,
       json_extract(result, '$.metrics."' || substr(e.key, 1, 10) || 'lower_quartile"') AS lower_quartile,
       json_extract(result, '$.metrics."' || substr(e.key, 1, 10) || 'median"') AS median,
       json_extract(result, '$.metrics."' || substr(e.key, 1, 10) || 'upper_quartile"') AS upper_quartile,
       n, guidance_start_step, seed, precision, model_key, code_version, job_key, study_id
FROM entropy_runs JOIN json_each(result, '$.metrics') e ON e.key GLOB 'step.[0-9][0-9][0-9][0-9].mean';

-- The paper's Fig. 7: the same of single samples, mean over the tokens of a step. Their maps are the artifact `maps` of the job.
CREATE VIEW entropy_of_samples AS
SELECT study, ratio, steps_per_scale, guidance, CAST(substr(e.key, 8, 4) AS INTEGER) AS sample,
       CAST(substr(e.key, 18, 4) AS INTEGER) AS step,
       CAST(json_extract(result, '$.metrics."step.' || substr(e.key, 18, 4) || '.side"') AS INTEGER) AS side,
       e.value AS mean, guidance_start_step, seed, precision, model_key, code_version, job_key, study_id
FROM entropy_runs
JOIN json_each(result, '$.metrics') e ON e.key GLOB 'sample.[0-9][0-9][0-9][0-9].step.[0-9][0-9][0-9][0-9]';

-- The paper's Table 1: every point with all that was measured of it, and the time of a call at batch 1. A time measured on several
-- devices or in several precisions makes a row each.
CREATE VIEW table_1 AS
SELECT a.study, a.ratio, a.steps_per_scale, a.total_steps, a.guidance, a.guidance_start_step, m.layers, m.parameters,
       a.fid, a.fid_uncertainty, a.inception_score, a.inception_score_uncertainty,
       MAX(CASE WHEN x.metric = 'precision' THEN x.value END) AS sample_precision,
       MAX(CASE WHEN x.metric = 'precision' THEN x.uncertainty END) AS sample_precision_uncertainty,
       MAX(CASE WHEN x.metric = 'recall' THEN x.value END) AS sample_recall,
       MAX(CASE WHEN x.metric = 'recall' THEN x.uncertainty END) AS sample_recall_uncertainty,
       l.median_seconds AS seconds, l.lower_quartile AS seconds_lower_quartile, l.upper_quartile AS seconds_upper_quartile,
       l.device AS seconds_device, l.precision AS seconds_precision,
       a.n, a.seed, a.precision, a.network_sha256, a.reference_sha256, a.evaluator_version, a.code_version, a.score_key,
       a.model_key, a.study_id
FROM fig_4a a
JOIN models m ON m.model_key = a.model_key AND m.study_id = a.study_id
JOIN jobs j ON j.key = a.score_key
JOIN measurements x ON x.job = j.number
LEFT JOIN latency l ON l.study_id = a.study_id AND l.model = a.model_key AND l.total_steps = a.total_steps
                    AND l.guidance = a.guidance AND l.guidance_start_step = a.guidance_start_step AND l.batch = 1
GROUP BY a.study_id, a.score_key, l.job_key
ORDER BY a.study, a.ratio_value, a.steps_per_scale, a.guidance;

-- The paper's Table 2(a): each number of layers that mix positions, with the seconds of a training batch and the best point.
CREATE VIEW table_2a AS
SELECT f.study, f.ratio, m.layers, m.mixing_layers,
       CASE WHEN m.mixing_layers = 0 THEN 'none' WHEN m.mixing_layers = m.layers THEN 'all'
            ELSE 'first ' || m.mixing_layers END AS mixing,
       m.seconds_per_batch, m.batch, m.device AS seconds_device, m.precision AS seconds_precision,
       f.steps_per_scale, f.total_steps, f.best_guidance, f.fid, f.fid_uncertainty, f.inception_score,
       f.inception_score_uncertainty, f.n, f.seed, f.precision, f.network_sha256, f.reference_sha256, f.evaluator_version,
       f.code_version, f.score_key, f.model_key, f.study_id
FROM fig_5 f JOIN models m ON m.model_key = f.model_key AND m.study_id = f.study_id
ORDER BY f.study, m.mixing_layers, f.steps_per_scale;

-- The paper's Table 2(b): the learned mixing weight of every layer and head before the sigmoid. Negative: keys take the position of
-- the block before; positive: their own.
CREATE VIEW table_2b AS
SELECT s.name AS study, json_extract(m.spec, '$.params.ratio') AS ratio,
       COALESCE(json_extract(m.spec, '$.params.mixing_layers'), json_extract(r.result, '$.metrics.mixing_layers')) AS mixing_layers,
       CAST(substr(e.key, 7, 3) AS INTEGER) AS layer, CAST(substr(e.key, 16, 3) AS INTEGER) AS head, e.value AS weight,
       m.key AS model_key, r.code_version, j.key AS job_key, s.id AS study_id
FROM jobs j
JOIN results r ON r.job = j.number
JOIN json_each(r.result, '$.metrics') e ON e.key GLOB 'layer.[0-9][0-9][0-9].head.[0-9][0-9][0-9]'
JOIN study_jobs sj ON sj.job = j.number
JOIN studies s ON s.number = sj.study
JOIN job_inputs i ON i.job = j.number AND i.role = 'model'
JOIN jobs m ON m.number = i.input
WHERE j.kind = 'measure_mixing'
ORDER BY study, mixing_layers, layer, head;
