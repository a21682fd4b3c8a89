// The mock's world: typed against the generated wire types, so that it cannot drift from openapi.yaml.
import { createHash } from 'node:crypto';

/** @typedef {import('../src/api/types').Study} Study */
/** @typedef {import('../src/api/types').StudyDetail} StudyDetail */
/** @typedef {import('../src/api/types').Job} Job */
/** @typedef {import('../src/api/types').Point} Point */
/** @typedef {import('../src/api/types').Worker} Worker */
/** @typedef {import('../src/api/types').JobError} JobError */

/** @param {string} text */
export const hash = (text) => createHash('sha256').update(text).digest('hex');

const kNow = Date.now();
/** @param {number} seconds */
export const ago = (seconds) => new Date(kNow - seconds * 1000).toISOString();

export const kIdentity = {
  network_sha256: hash('network'),
  reference_sha256: hash('reference'),
  evaluator_version: 'metric-network-1',
  code_version: '0.1.0',
  precision: 'fp32',
};

export const kRatios = [
  { ratio: 'sqrt2', value: 1.4142, sizes: [1, 2, 3, 4, 6, 8], best: 7.4 },
  { ratio: '2', value: 2, sizes: [1, 2, 4, 8], best: 6.1 },
  { ratio: '4', value: 4, sizes: [1, 2, 8], best: 8.2 },
  { ratio: 'single', value: null, sizes: [8], best: 15.5 },
];
const kSteps = [1, 2, 4, 8];
const kGuidance = [0, 0.5, 1];

/** @param {string} study @param {number} done share of points measured @returns {Point[]} */
export function makePoints(study, done) {
  /** @type {Point[]} */
  const points = [];
  for (const ratio of kRatios) {
    for (const steps of kSteps) {
      for (const guidance of kGuidance) {
        const measured = points.length < done * kRatios.length * kSteps.length * kGuidance.length;
        const fid = ratio.best + 21 / steps ** 1.1 + 9 * (guidance - 0.5) ** 2;
        points.push({
          score_key: hash(`${study}/${ratio.ratio}/${steps}/${guidance}`),
          model_key: hash(`${study}/model/${ratio.ratio}`),
          ratio: ratio.ratio,
          ratio_value: ratio.value,
          sizes: ratio.sizes,
          steps_per_scale: steps,
          total_steps: ratio.sizes.reduce((sum, size) => sum + Math.min(steps, size * size), 0),
          guidance,
          guidance_start_step: 0,
          seed: 0,
          n: 500,
          state: measured ? 'succeeded' : points.length % 5 === 0 ? 'running' : 'blocked',
          fid: measured ? fid : null,
          fid_uncertainty: measured ? fid * 0.04 : null,
          inception_score: measured ? 3.9 - fid / 18 : null,
          inception_score_uncertainty: measured ? 0.06 : null,
          identity: measured ? kIdentity : null,
        });
      }
    }
  }
  return points;
}

/** @type {JobError} */
export const kError = {
  code: 'out_of_memory',
  message:
    'train_model (ratio √2): the runner was killed while it trained step 212 of 600. The machine had 310 MiB of memory left.',
  fix: 'Lower model.train.batch (now 64), or start the worker with fewer slots.',
  signal: 9,
  retryable: true,
  log_tail: ['step 210 loss 4.112', 'step 211 loss 4.108', 'step 212 loss 4.097'],
};

/** @param {Partial<Job> & {kind: string, label: string, state: Job['state']}} job @param {string} study @returns {Job} */
export function makeJob(job, study) {
  const begun = job.state !== 'blocked' && job.state !== 'queued';
  const over = begun && job.state !== 'running';
  return {
    key: hash(`${study}/${job.kind}/${job.label}`),
    attempts: begun ? 1 : 0,
    worker: begun ? 'workbench' : null,
    workers: [],
    progress: null,
    error: null,
    created_at: ago(1300),
    started_at: begun ? ago(900) : null,
    finished_at: over ? ago(640) : null,
    studies: [study],
    crashes: 0,
    losses: 0,
    preemptions: 0,
    retry_at: null,
    ...job,
  };
}

/** @type {Worker[]} */
export const workers = [
  {
    id: 'w-1',
    name: 'workbench',
    state: 'online',
    reason: null,
    until: null,
    labels: {},
    device: { type: 'cpu', name: 'AMD EPYC 9454, 2 cores', memory_bytes: 8 * 1024 ** 3, count: 1 },
    slots: 2,
    running: [],
    running_total: 0,
    version: '0.1.0',
    connected_at: ago(1400),
    last_seen_at: ago(1),
  },
  {
    id: 'w-2',
    name: 'hopper-01',
    state: 'draining',
    reason: 'ends what it has and takes nothing new',
    until: null,
    labels: { gpu: 'h200' },
    device: { type: 'cuda', name: 'NVIDIA H200', memory_bytes: 139 * 1024 ** 3, count: 4 },
    slots: 4,
    running: [],
    running_total: 0,
    version: '0.1.0',
    connected_at: ago(8000),
    last_seen_at: ago(2),
  },
  {
    id: 'w-3',
    name: 'attic',
    state: 'offline',
    reason: null,
    until: null,
    labels: {},
    device: { type: 'cpu', name: 'Intel Core i5-8250U', memory_bytes: 16 * 1024 ** 3, count: 1 },
    slots: 1,
    running: [],
    running_total: 0,
    version: '0.1.0',
    connected_at: ago(90000),
    last_seen_at: ago(40000),
  },
];
