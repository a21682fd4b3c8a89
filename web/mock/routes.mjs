// The mock's REST answers: (path, query, body) → [status, value].
import { kIdentity, kRatios } from './fixtures.mjs';
import { archive, code, diff, extend, pause, rerun, resume, revisions, unarchive } from './sets.mjs';
import { makeCurves, makeDetail, makeLogs, makeTimeline, makeWhy } from './details.mjs';

/** @typedef {ReturnType<import('./world.mjs').makeWorld>} World */
/** @typedef {[number, unknown]} Answer */
/** @typedef {{world: World, match: string[], query: URLSearchParams, body: any}} Request */

/** @param {number} status @param {string} title @param {string} detail @param {string} [fix] @returns {Answer} */
export function problem(status, title, detail, fix = '') {
  return [status, { type: `/problems/${status}`, title, status, detail, fix }];
}

/** @template T @param {T[]} items @param {URLSearchParams} query @returns {Answer} */
function page(items, query) {
  const begin = Number(query.get('cursor') ?? 0);
  const end = begin + Number(query.get('limit') ?? 100);
  return [200, { items: items.slice(begin, end), next_cursor: end < items.length ? String(end) : null }];
}

/** @param {World} world @param {string | undefined} id */
const findStudy = (world, id) => world.studies.find((study) => study.id === id || study.name === id);

/** @param {string} what @param {string | undefined} id */
const missing = (what, id) =>
  problem(
    404,
    'Not found',
    `There is no ${what} “${id}”.`,
    `Look at the list of ${what === 'job' ? 'jobs' : 'studies'}.`,
  );

/** @param {Request} request @returns {Answer} */
function listJobs({ world, query }) {
  const study = query.get('study');
  const id = study ? findStudy(world, study)?.id : null;
  const jobs = world.jobs.filter(
    (job) =>
      (!id || job.studies.includes(id)) &&
      (!query.get('state') || job.state === query.get('state')) &&
      (!query.get('kind') || job.kind === query.get('kind')),
  );
  const order = ['failed', 'running', 'queued', 'blocked', 'succeeded', 'cancelled'];
  return page(
    jobs.sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state)),
    query,
  );
}

/** The best guidance by FID at each ratio and steps. @param {Request} request @returns {Answer} */
function figure({ world, match }) {
  const study = findStudy(world, match[1]);
  if (!study) return missing('study', match[1]);
  const points = (world.points.get(study.id) ?? []).filter((point) => point.state === 'succeeded');
  const series = kRatios.flatMap(({ ratio }) => {
    const own = points.filter((point) => point.ratio === ratio);
    const steps = [...new Set(own.map((point) => point.steps_per_scale))];
    const best = steps.map((count) =>
      own
        .filter((point) => point.steps_per_scale === count)
        .reduce((a, b) => ((a.fid ?? Infinity) <= (b.fid ?? Infinity) ? a : b)),
    );
    const label = ratio === 'sqrt2' ? '√2' : ratio === 'single' ? 'single scale' : ratio;
    return own.length > 0
      ? [{ ratio, label, points: best.map((point) => ({ ...point, ...kIdentity })) }]
      : [];
  });
  return [200, { series }];
}

/** @param {Request} request @returns {Answer} */
function cancel({ world, match }) {
  const study = findStudy(world, match[1]);
  if (!study) return missing('study', match[1]);
  const { jobs } = study;
  jobs.cancelled += jobs.blocked + jobs.queued + jobs.running;
  jobs.blocked = jobs.queued = jobs.running = 0;
  study.state = 'cancelled';
  study.finished_at = new Date().toISOString();
  return [200, study];
}

/** @param {(study: import('../src/api/types').StudyDetail, body: any) => Answer} tell */
const ofStudy =
  (tell) =>
  (/** @type {Request} */ { world, match, body }) => {
    const study = findStudy(world, match[1]);
    return study ? tell(study, body) : missing('study', match[1]);
  };

/** Two minutes a job. @param {Request} request @returns {Answer} */
function forecast({ world, match }) {
  const study = findStudy(world, match[1]);
  if (!study) return missing('study', match[1]);
  const jobs = study.jobs.blocked + study.jobs.queued + study.jobs.running;
  /** @param {number} likely */
  const range = (likely) => ({ low: 0.8 * likely, likely, high: 1.2 * likely });
  const none = range(0);
  const all = range(120 * jobs);
  /** @type {import('../src/api/types').Forecast} */
  const answer = {
    jobs,
    complete: true,
    stages: [{ kind: 'evaluate_shard', jobs, seconds: all, like_jobs: 8, of: 'study' }],
    worker_seconds: all,
    gpu_seconds: none,
    wall_seconds: range(60 * jobs),
    slots: 2,
  };
  return [200, answer];
}

/** @param {(job: import('../src/api/types').Job, request: Request) => unknown} tell */
const ofJob = (tell) => (/** @type {Request} */ request) => {
  const job = request.world.jobs.find(({ key }) => key === request.match[1]);
  return /** @type {Answer} */ (job ? [200, tell(job, request)] : missing('job', request.match[1]));
};

/** @param {Request} request @returns {Answer} */
function query({ body }) {
  if (!/^\s*select/i.test(body.sql)) {
    return problem(400, 'Query refused', 'Only reading is allowed here.', 'Begin with select.');
  }
  const rows = kRatios.flatMap(({ ratio, best }) =>
    [1, 2, 4].map((steps) => [ratio, steps, best + 21 / steps, null]),
  );
  return [200, { columns: ['ratio', 'steps_per_scale', 'fid', 'note'], rows, truncated: false }];
}

/** @type {[string, RegExp, (request: Request) => Answer][]} */
export const kRoutes = [
  ['GET', /^\/api\/v1\/version$/, () => [200, { version: '0.1.0', api_version: 1, schema_version: 1 }]],
  [
    'GET',
    /^\/api\/v1\/studies$/,
    ({ world, query }) =>
      page(
        world.studies.filter((study) => (study.archived_at !== null) === (query.get('archived') === 'true')),
        query,
      ),
  ],
  [
    'GET',
    /^\/api\/v1\/studies\/([^/]+)$/,
    ({ world, match }) => {
      const study = findStudy(world, match[1]);
      return study ? [200, study] : missing('study', match[1]);
    },
  ],
  [
    'GET',
    /^\/api\/v1\/studies\/([^/]+)\/points$/,
    ({ world, match }) => [200, { items: world.points.get(findStudy(world, match[1])?.id ?? '') ?? [] }],
  ],
  ['GET', /^\/api\/v1\/studies\/([^/]+)\/figure$/, figure],
  ['GET', /^\/api\/v1\/studies\/([^/]+)\/forecast$/, forecast],
  ['POST', /^\/api\/v1\/studies\/([^/]+)\/cancel$/, cancel],
  ['POST', /^\/api\/v1\/studies\/([^/]+)\/pause$/, ofStudy(pause)],
  ['POST', /^\/api\/v1\/studies\/([^/]+)\/resume$/, ofStudy(resume)],
  ['POST', /^\/api\/v1\/studies\/([^/]+)\/rerun$/, ofStudy(rerun)],
  ['POST', /^\/api\/v1\/studies\/([^/]+)\/archive$/, ofStudy(archive)],
  ['POST', /^\/api\/v1\/studies\/([^/]+)\/unarchive$/, ofStudy(unarchive)],
  ['GET', /^\/api\/v1\/studies\/([^/]+)\/diff$/, ofStudy(diff)],
  ['POST', /^\/api\/v1\/studies\/([^/]+)\/diff$/, ofStudy(diff)],
  ['POST', /^\/api\/v1\/studies\/([^/]+)\/extend$/, ofStudy(extend)],
  ['GET', /^\/api\/v1\/studies\/([^/]+)\/revisions$/, ofStudy(revisions)],
  ['GET', /^\/api\/v1\/studies\/([^/]+)\/code$/, ofStudy(code)],
  ['GET', /^\/api\/v1\/jobs$/, listJobs],
  ['GET', /^\/api\/v1\/jobs\/([^/]+)$/, ofJob((job, { world }) => makeDetail(job, world.jobs, world.grid))],
  ['GET', /^\/api\/v1\/jobs\/([^/]+)\/why$/, ofJob(makeWhy)],
  ['GET', /^\/api\/v1\/jobs\/([^/]+)\/logs$/, ofJob((job) => ({ items: makeLogs(job) }))],
  ['GET', /^\/api\/v1\/jobs\/([^/]+)\/curves$/, ofJob((job) => ({ series: makeCurves(job) }))],
  ['GET', /^\/api\/v1\/jobs\/([^/]+)\/timeline$/, ofJob((job) => makeTimeline(job))],
  ['GET', /^\/api\/v1\/workers$/, ({ world }) => [200, { items: world.workers }]],
  ['POST', /^\/api\/v1\/query$/, query],
];
