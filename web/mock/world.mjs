// Studies and jobs of the mock, made anew for every server, so that tests do not see each other's changes.
import { ago, hash, kError, kRatios, makeJob, makePoints, workers } from './fixtures.mjs';

/** @typedef {import('../src/api/types').StudyDetail} StudyDetail */
/** @typedef {import('../src/api/types').Job} Job */
/** @typedef {import('../src/api/types').Point} Point */

const kDefinition = `schema: 1
name: demo
title: Scale ratio × steps per scale on procedural shapes
sweep:
  ratios: [sqrt2, 2, 4, single]
  steps_per_scale: [1, 2, 4, 8]
  guidance: [0, 0.5, 1.0]
`;

/** @param {Job[]} jobs */
function countJobs(jobs) {
  const counts = {
    total: jobs.length,
    blocked: 0,
    queued: 0,
    running: 0,
    succeeded: 0,
    failed: 0,
    cancelled: 0,
  };
  for (const job of jobs) counts[job.state] += 1;
  return counts;
}

/** @param {Job[]} jobs @param {boolean} live */
function makeStages(jobs, live) {
  return [...new Set(jobs.map((job) => job.kind))].map((kind) => {
    const counts = countJobs(jobs.filter((job) => job.kind === kind));
    const open = counts.total - counts.succeeded - counts.failed - counts.cancelled;
    const rate = live && counts.succeeded > 0 ? 0.11 : null;
    return {
      kind,
      total: counts.total,
      done: counts.succeeded,
      failed: counts.failed,
      running: counts.running,
      rate_per_second: rate,
      eta_seconds: rate && open > 0 ? open / rate : null,
    };
  });
}

/**
 * @param {Pick<StudyDetail, 'id' | 'name' | 'title' | 'state'>} head @param {Job[]} jobs @param {Point[]} points @param {number} age
 * @returns {StudyDetail}
 */
function makeStudy(head, jobs, points, age) {
  const over = head.state !== 'running' && head.state !== 'queued';
  return {
    ...head,
    created_at: ago(age),
    finished_at: over ? ago(age - 700) : null,
    jobs: countJobs(jobs),
    points: { total: points.length, done: points.filter((point) => point.state === 'succeeded').length },
    stages: makeStages(jobs, !over),
    definition: kDefinition,
    ratios: points.length > 0 ? kRatios.map(({ ratio }) => ratio) : [],
  };
}

/** @param {string} study @param {Point[]} points @param {boolean} over @returns {Job[]} */
function makeJobs(study, points, over) {
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
function makeManyJobs(study, count) {
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
        ...(failed ? { error: kError, attempts: 3 } : {}),
      },
      study,
    );
  });
}

export function makeWorld() {
  const demoPoints = makePoints('s-demo', 0.72);
  const donePoints = makePoints('s-done', 1);
  const demoJobs = makeJobs('s-demo', demoPoints, false);
  const failedJobs = [
    makeJob({ kind: 'import_dataset', label: '', state: 'succeeded' }, 's-fail'),
    makeJob({ kind: 'train_tokenizer', label: '', state: 'succeeded' }, 's-fail'),
    makeJob(
      { kind: 'train_model', label: 'ratio sqrt2', state: 'failed', attempts: 3, error: kError },
      's-fail',
    ),
  ];
  const many = makeManyJobs('s-many', 10_000);
  const title = 'Scale ratio × steps per scale on procedural shapes';
  const studies = [
    makeStudy({ id: 's-demo', name: 'demo', title, state: 'running' }, demoJobs, demoPoints, 1300),
    makeStudy(
      { id: 's-many', name: 'benchmark', title: 'Ten thousand no-ops', state: 'running' },
      many,
      [],
      2400,
    ),
    makeStudy(
      { id: 's-fail', name: 'cifar10-small', title: 'CIFAR-10, small', state: 'failed' },
      failedJobs,
      [],
      9000,
    ),
    makeStudy(
      { id: 's-done', name: 'shapes-32', title: 'Shapes at 32 × 32', state: 'succeeded' },
      makeJobs('s-done', donePoints, true),
      donePoints,
      90000,
    ),
  ];
  const running = demoJobs.filter((job) => job.state === 'running').slice(0, 2);
  return {
    studies,
    jobs: [...demoJobs, ...many, ...failedJobs, ...makeJobs('s-done', donePoints, true)],
    points: new Map([
      ['s-demo', demoPoints],
      ['s-done', donePoints],
    ]),
    workers: workers.map((worker, index) => ({
      ...worker,
      running: index === 0 ? running.map(({ key, kind }) => ({ key, kind })) : [],
    })),
    grid: hash('grid'),
  };
}
