import type { Job } from '../../api/types';
import { Took } from '../../components/ago';
import { StateBadge } from '../../components/state_badge';
import { kindName } from '../../format/names';
import { formatPercent } from '../../format/numbers';
import { hrefs } from '../../router';
import { progressText } from '../../store/derive';

/** Not sortable: the coordinator pages in its own order, failed jobs first. */
export function JobTable({ jobs }: { jobs: Job[] }) {
  return (
    <div class="table-wrap" role="group" aria-label="Jobs" tabIndex={0}>
      <table class="cards">
        <caption class="visually-hidden">Jobs of the study, failed ones first</caption>
        <thead>
          <tr>
            <th scope="col">Job</th>
            <th scope="col">State</th>
            <th scope="col">Progress</th>
            <th scope="col">Worker</th>
            <th scope="col" class="number">
              Attempts
            </th>
            <th scope="col" class="number">
              Time
            </th>
          </tr>
        </thead>
        <tbody>
          {jobs.map((job) => (
            <JobRow key={job.key} job={job} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function JobRow({ job }: { job: Job }) {
  return (
    <tr data-job={job.key} data-kind={job.kind}>
      <th scope="row">
        <a href={hrefs.job(job.key)}>{job.label || kindName(job.kind)}</a>
        {job.label && <div class="muted small">{kindName(job.kind)}</div>}
      </th>
      <td data-label="State">
        <StateBadge state={job.state} />
      </td>
      <td data-label="Progress" class={job.error ? 'wide' : undefined}>
        <JobNews job={job} />
      </td>
      <td data-label="Worker">{job.worker ?? '–'}</td>
      <td data-label="Attempts" class="number">
        {job.attempts}
      </td>
      <td data-label="Time" class="number">
        <Took from={job.started_at} to={job.finished_at} />
      </td>
    </tr>
  );
}

/** The error of a job that failed or cannot run, the progress of a running one. */
function JobNews({ job }: { job: Job }) {
  if ((job.state === 'failed' || job.state === 'blocked') && job.error)
    return <span class="error-text">{job.error.message}</span>;
  if (job.state !== 'running' || !job.progress) return null;
  const { done, total } = job.progress;
  return (
    <span class="nowrap">
      {total > 0 && formatPercent(done, total)} <span class="muted small">{progressText(job)}</span>
    </span>
  );
}
