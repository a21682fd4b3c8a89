// Jobs of the mock's studies.
import { kError, kRatios, makeJob } from './fixtures.mjs';

/** @typedef {import('../src/api/types').Job} Job */
/** @typedef {import('../src/api/types').Point} Point */

/** @param {string} study @param {Point[]} points @param {boolean} over @returns {Job[]} */
export function makeJobs(study, points, over) {
  const training = over ? 'succeeded' : 'running';
  const progress = { done: 372, total: 600, unit: 'steps', message: 'loss 3.91, 41 images/s' };
  const jobs = [
    makeJob({ kind: 'import_dataset', label: '', state: 'succeeded' }, study),
    makeJob({ kind: 'train_tokenizer', label: '', state: 'succeeded' }, study),
    ...[1, 2, 3, 4, 6, 8].map((size) =>
      makeJob({ kind: 'tokenize_dataset', label: `tokens ${size} × ${size}`, state: 'succeeded' }, study),
    ),
    makeJob({ kind: 'train_metric_network', label: '', state: 'succeeded' }, study),
    makeJob({ kind: 'reference_statistics', label: '', state: 'succeeded' }, study),
    ...kRatios.map(({ ratio }) => {
      const state = ratio === 'single' ? training : 'succeeded';
      const live = state === 'running' ? { progress } : {};
      return makeJob({ kind: 'train_model', label: `ratio ${ratio}`, state, ...live }, study);
    }),
    ...points.flatMap((point) =>
      [0, 250].map((begin) =>
        makeJob(
          {
            kind: 'evaluate_shard',
            label: `ratio ${point.ratio}, ${point.steps_per_scale} steps, guidance ${point.guidance}, ${begin}–${begin + 250}`,
            state: point.state,
            ...(point.state === 'running'
              ? { progress: { done: 96, total: 250, unit: 'images', message: '' } }
              : {}),
          },
          study,
        ),
      ),
    ),
    ...points.map((point) =>
      makeJob(
        {
          key: point.score_key,
          kind: 'score_point',
          label: `ratio ${point.ratio}, ${point.steps_per_scale} steps, guidance ${point.guidance}`,
          state: point.state === 'succeeded' ? 'succeeded' : 'blocked',
        },
        study,
      ),
    ),
    ...kRatios
      .slice(0, over ? 4 : 3)
      .map(({ ratio }) =>
        makeJob({ kind: 'sample_grid', label: `samples, ratio ${ratio}`, state: 'succeeded' }, study),
      ),
  ];
  return jobs;
}

/** @param {string} study @param {number} count @returns {Job[]} */
export function makeManyJobs(study, count) {
  return Array.from({ length: count }, (_, index) => {
    const failed = index % 977 === 13;
    return makeJob(
      {
        kind: 'noop',
        label: `noop ${index}`,
        state: failed
          ? 'failed'
          : index < count * 0.8
            ? 'succeeded'
            : index < count * 0.802
              ? 'running'
              : 'queued',
        ...(failed ? { error: kError, attempts: 3, crashes: 3 } : {}),
      },
      study,
    );
  });
}
