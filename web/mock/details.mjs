// What the mock tells about one job.
import { ago, hash, kError } from './fixtures.mjs';

/** @typedef {import('../src/api/types').Job} Job */
/** @typedef {import('../src/api/types').JobDetail} JobDetail */
/** @typedef {import('../src/api/types').LogLine} LogLine */

/** @param {Job} job @param {string} grid @returns {JobDetail['artifacts']} */
function artifactsOf(job, grid) {
  if (job.state !== 'succeeded') return [];
  if (job.kind === 'sample_grid') return [{ name: 'grid', sha256: grid, bytes: 18_211 }];
  if (job.kind === 'train_model')
    return [{ name: 'model', sha256: hash(`${job.key}/model`), bytes: 2_411_904 }];
  return [];
}

/** @param {Job} job @returns {JobDetail['attempts']} */
function attemptsOf(job) {
  return Array.from({ length: job.attempts }, (_, index) => {
    const last = index + 1 === job.attempts;
    const lost = !last || job.state === 'failed';
    return {
      number: index + 1,
      worker: 'workbench',
      workers: [],
      state: lost ? 'crashed' : job.state === 'running' ? 'running' : 'succeeded',
      started_at: ago(900 - index * 100),
      ended_at: last && job.state === 'running' ? null : ago(820 - index * 100),
      error: lost ? kError : null,
    };
  });
}

/** @param {Job} job @param {Job[]} jobs @param {string} grid @returns {JobDetail} */
export function makeDetail(job, jobs, grid) {
  const artifacts = artifactsOf(job, grid);
  const inputs = jobs
    .filter(
      (other) =>
        other.studies[0] === job.studies[0] && ['train_tokenizer', 'import_dataset'].includes(other.kind),
    )
    .filter((other) => other.key !== job.key)
    .map(({ key, kind, state }) => ({
      role: kind === 'train_tokenizer' ? 'tokenizer' : 'dataset',
      key,
      kind,
      state,
    }));
  return {
    ...job,
    attempts: attemptsOf(job),
    spec: {
      kind: job.kind,
      recipe: 1,
      inputs: {},
      params: { steps: 600, lr: 0.001, seed: 0, precision: 'fp32' },
    },
    hints: { label: job.label, batch: 64 },
    inputs,
    result:
      job.state === 'succeeded'
        ? {
            metrics: { final_loss: 3.8127, parameters: 412_160, images_per_second: 41.2, seconds: 93.4 },
            artifacts,
          }
        : null,
    artifacts,
  };
}

/** @param {Job} job @returns {LogLine[]} */
export function makeLogs(job) {
  if (job.attempts === 0) return [];
  return Array.from({ length: 60 }, (_, index) => ({
    seq: index + 1,
    attempt: job.attempts,
    time: ago(900 - index * 4),
    level: index === 17 ? 'warning' : 'info',
    text:
      index === 17
        ? 'the learning rate fell to 1e-4 at step 170'
        : `step ${(index + 1) * 10} of 600 · loss ${(6.2 * Math.exp(-index / 40) + 1.1).toFixed(3)} · 41.2 images/s`,
  }));
}

/** Every attempt runs right after the one before. @param {Job} job @returns {import('../src/api/types').Timeline} */
export function makeTimeline(job) {
  const attempts = attemptsOf(job) ?? [];
  const first = attempts[0];
  /** @type {import('../src/api/types').Timeline['spans']} */
  const spans = [{ phase: first ? 'queued' : 'blocked', from: ago(960), to: first?.started_at ?? null }];
  for (const { number, started_at: from, ended_at: to } of attempts)
    spans.push({ phase: 'running', from, to, attempt: number, worker: 'workbench' });
  return {
    key: job.key,
    kind: job.kind,
    label: job.label,
    state: job.state,
    now: ago(0),
    spans,
    events: [
      { event: 'submitted', at: ago(960) },
      ...(job.kind === 'train_model' && first
        ? [
            {
              event: /** @type {const} */ ('checkpoint'),
              at: ago(850),
              attempt: 1,
              step: 200,
              bytes: 2_411_904,
            },
          ]
        : []),
    ],
  };
}

/** @param {Job} job */
export function makeCurves(job) {
  if (!job.kind.startsWith('train_') || job.attempts === 0) return {};
  const count = job.state === 'running' ? 37 : 60;
  const wobble = (/** @type {number} */ index) => 0.16 * Math.sin(index * 2.3) * Math.exp(-index / 30);
  const line = (/** @type {number} */ level) =>
    Array.from({ length: count }, (_, index) => [
      (index + 1) * 10,
      5.1 * Math.exp(-index / 14) + level + wobble(index),
    ]);
  return { loss: line(3.6), ...(job.kind === 'train_tokenizer' ? { commitment: line(0.4) } : {}) };
}

/** @param {Job} job @returns {import('../src/api/types').Why} */
export function makeWhy(job) {
  return {
    key: job.key,
    state: job.state,
    summary: 'It waits for 1 of its 2 inputs.',
    details: ['It needs train_model 3fa1b2c3d4e5 (running).'],
    workers: [],
  };
}
