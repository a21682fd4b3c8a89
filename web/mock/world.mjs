// Studies and jobs of the mock, made anew for every server, so that tests do not see each other's changes.
import { ago, hash, kError, kRatios, makeJob, makePoints, workers } from './fixtures.mjs';
import { makeJobs, makeManyJobs } from './jobs.mjs';

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
    revision: 1,
    code: null,
    paused: false,
    archived_at: null,
    notice: null,
    priority: 0,
    deadline: null,
    owner: '',
    definition: kDefinition,
    ratios: points.length > 0 ? kRatios.map(({ ratio }) => ratio) : [],
  };
}

export function makeWorld() {
  const demoPoints = makePoints('s-demo', 0.72);
  const donePoints = makePoints('s-done', 1);
  const demoJobs = makeJobs('s-demo', demoPoints, false);
  const failedJobs = [
    makeJob({ kind: 'import_dataset', label: '', state: 'succeeded' }, 's-fail'),
    makeJob({ kind: 'train_tokenizer', label: '', state: 'succeeded' }, 's-fail'),
    makeJob(
      { kind: 'train_model', label: 'ratio sqrt2', state: 'failed', attempts: 3, crashes: 3, error: kError },
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
      running_total: index === 0 ? running.length : 0,
    })),
    grid: hash('grid'),
  };
}
