import { get } from '../../api/client';
import type { Job, JobDetail } from '../../api/types';
import { Took } from '../../components/ago';
import { JobErrorNotice } from '../../components/notice';
import { StateBadge } from '../../components/state_badge';
import { Bar } from '../../components/state_bar';
import { kindName } from '../../format/names';
import { formatPercent } from '../../format/numbers';
import { useLoad } from '../../hooks/use_load';
import { useStore, useTake } from '../../hooks/use_store';
import { hrefs } from '../../router';
import { progressText } from '../../store/derive';

/** A blocked job has an error when a job that it needs has failed. */
const kErrorTitles: Partial<Record<Job['state'], string>> = {
  failed: 'This job failed',
  blocked: 'This job cannot run',
};

export function JobHead({ job, detail }: { job: Job; detail: JobDetail }) {
  return (
    <>
      <div class="page-head">
        <div>
          <nav class="crumbs" aria-label="Breadcrumb">
            <a href="/">Studies</a> <span aria-hidden="true">/</span> <StudyLinks studies={job.studies} />
          </nav>
          <h1>{job.label || kindName(job.kind)}</h1>
          <p class="muted small row">
            <StateBadge state={job.state} />
            <span>{kindName(job.kind)}</span>
            {job.worker && <span>on {job.worker}</span>}
            {job.started_at && <Took from={job.started_at} to={job.finished_at} />}
          </p>
        </div>
      </div>
      {job.error && kErrorTitles[job.state] && (
        <JobErrorNotice error={job.error} title={kErrorTitles[job.state] ?? ''} />
      )}
      {job.state === 'running' && job.progress && <Progress job={job} />}
      <p class="muted small">
        Key <code style={{ overflowWrap: 'anywhere' }}>{detail.key}</code>
      </p>
    </>
  );
}

function Progress({ job }: { job: Job }) {
  const { done, total, message } = job.progress ?? { done: 0, total: 0, message: '' };
  const parts = [
    { state: 'running', count: done },
    { state: 'blocked', count: Math.max(0, total - done) },
  ];
  return (
    <section class="card stack" aria-label="Progress">
      <div class="row" style={{ justifyContent: 'space-between' }}>
        <span class="big">{formatPercent(done, total)}</span>
        <span class="muted">{[progressText(job), total > 0 ? message : ''].filter(Boolean).join(' · ')}</span>
      </div>
      <Bar parts={parts} done={done} total={total} label="Progress of the job" />
    </section>
  );
}

const kShownStudies = 3;

/** A job of several studies shows the first few, by name. */
function StudyLinks({ studies }: { studies: string[] }) {
  const take = useTake();
  const known = useStore((state) => state.studies);
  const shown = studies.slice(0, kShownStudies);
  const unknown = shown.filter((id) => !known[id]);
  useLoad(`names/${shown.join()}`, unknown.length > 0 ? shown.join() : null, (signal) =>
    Promise.all(
      unknown.map((study) =>
        take(get('/api/v1/studies/{study}', { study }, signal), (answer) => ({
          type: 'studies',
          items: [answer],
        })),
      ),
    ),
  );
  return (
    <>
      {shown.map((id) => (
        <a key={id} href={hrefs.study(id)}>
          {known[id]?.name ?? id}
        </a>
      ))}
      {studies.length > kShownStudies && <span>and {studies.length - kShownStudies} more</span>}
    </>
  );
}
