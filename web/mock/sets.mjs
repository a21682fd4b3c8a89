// What the mock does when a study is paused, extended, run again or archived.
import { ago, hash } from './fixtures.mjs';

/** @typedef {import('../src/api/types').StudyDetail} StudyDetail */
/** @typedef {import('../src/api/types').StudyDiff} StudyDiff */
/** @typedef {import('../src/api/types').Revision} Revision */
/** @typedef {[number, unknown]} Answer */

/** @param {StudyDetail} study @param {any} body @returns {Answer} */
export function pause(study, body) {
  study.paused = true;
  study.notice = 'Paused: nothing more is started until the study is resumed.';
  const { running } = study.jobs;
  if (body.stop_running) {
    study.jobs.queued += running;
    study.jobs.running = 0;
  }
  return [
    200,
    { ...study, attempts_running: study.jobs.running, attempts_taken_back: running - study.jobs.running },
  ];
}

/** @param {StudyDetail} study @returns {Answer} */
export function resume(study) {
  study.paused = false;
  study.notice = null;
  return [200, study];
}

/** @param {StudyDetail} study @returns {Answer} */
export function rerun(study) {
  const { jobs } = study;
  const started = jobs.failed + jobs.cancelled;
  jobs.queued += started;
  jobs.failed = jobs.cancelled = 0;
  study.state = 'running';
  study.finished_at = null;
  return [
    200,
    { ...study, jobs_started: started, jobs_revived: 0, jobs_succeeded: jobs.succeeded, jobs_open: started },
  ];
}

/** @param {StudyDetail} study @returns {Answer} */
export function archive(study) {
  study.archived_at = ago(0);
  return [200, study];
}

/** @param {StudyDetail} study @returns {Answer} */
export function unarchive(study) {
  study.archived_at = null;
  return [200, study];
}

/** A definition that names guidance 2 adds a point; one without guidance 0.5 loses one. @param {StudyDetail} study @param {any} body @returns {Answer} */
export function diff(study, body) {
  const text = body ? body.definition : '2';
  const added = text.includes('2.0') ? 1 : 0;
  const removed = body && !text.includes('0.5') ? 1 : 0;
  /** @type {StudyDiff} */
  const answer = {
    from: { study: study.name, id: study.id, revision: study.revision },
    to: { study: study.name, id: null, revision: null },
    added: { jobs: added * 3, points: added },
    removed: { jobs: removed * 3, points: removed },
    shared: { jobs: study.jobs.total, points: study.points.total },
    jobs_new: added * 3,
    jobs_done: 0,
    jobs_cancelled: removed * 2,
    shared_with: [{ id: 's-done', name: 'shapes-32', jobs: 12 }],
    items: [
      .../** @type {const} */ (['added', 'removed']).flatMap((change) =>
        (change === 'added' ? added : removed) > 0
          ? [
              {
                key: hash(change),
                kind: 'score_point',
                label: `ratio 2, guidance ${change === 'added' ? 2 : 0.5}`,
                change,
                state: change === 'added' ? /** @type {const} */ ('new') : /** @type {const} */ ('queued'),
              },
            ]
          : [],
      ),
    ],
    truncated: false,
  };
  return [200, answer];
}

/** @type {Map<string, Revision[]>} */
const kHistory = new Map();

/** @param {StudyDetail} study @param {number} added @returns {Revision} */
function revision(study, added) {
  return {
    number: study.revision,
    title: study.title,
    definition: study.definition,
    filename: 'demo.yaml',
    overrides: [],
    code: null,
    submitted_by: 'browser',
    created_at: ago(0),
    jobs_added: added,
    jobs_removed: 0,
    jobs_shared: study.jobs.total - added,
    points_total: study.points.total,
  };
}

/** @param {StudyDetail} study @param {any} body @returns {Answer} */
export function extend(study, body) {
  if (body.based_on !== study.revision) {
    const detail = `the study is at revision ${study.revision} now, not ${body.based_on}`;
    return [409, { type: '/problems/409', title: 'Conflict', status: 409, detail, fix: 'Look again.' }];
  }
  const before = kHistory.get(study.id) ?? [revision(study, study.jobs.total)];
  study.revision += 1;
  study.definition = body.definition;
  study.jobs.total += 3;
  study.jobs.queued += 3;
  kHistory.set(study.id, [revision(study, 3), ...before]);
  const counts = {
    jobs_added: 3,
    jobs_removed: 0,
    jobs_shared: 0,
    jobs_new: 3,
    jobs_done: 0,
    jobs_cancelled: 0,
  };
  return [200, { ...study, jobs_total: study.jobs.total, ...counts }];
}

/** @param {StudyDetail} study @returns {Answer} */
export function revisions(study) {
  return [200, { items: kHistory.get(study.id) ?? [revision(study, study.jobs.total)] }];
}

/** The finished study was made by two versions. @param {StudyDetail} study @returns {Answer} */
export function code(study) {
  const version = (/** @type {string} */ name) => ({
    code_version: name,
    results: 80,
    points: 24,
    first_recorded_at: ago(900),
    last_recorded_at: ago(300),
  });
  const mixed = study.id === 's-done';
  return [
    200,
    {
      pinned: null,
      versions: [version('0.1.0'), ...(mixed ? [version('0.2.0')] : [])],
      mixed_curves: mixed
        ? [{ ratio: 'sqrt2', model_key: hash('m'), points: 12, code_versions: ['0.1.0', '0.2.0'] }]
        : [],
    },
  ];
}
