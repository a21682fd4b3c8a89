import type { Attempt, Job, JobDetail } from '../../api/types';
import { Ago, Took } from '../../components/ago';
import { JobErrorNotice } from '../../components/notice';
import { StateBadge } from '../../components/state_badge';
import { formatDateTime } from '../../format/times';

/** By whose fault attempts ended; empty when none ended badly. */
function endsText(job: Job): string {
  const counts: [number, string][] = [
    [job.crashes, 'crashed'],
    [job.losses, 'lost with their worker'],
    [job.preemptions, 'given back'],
  ];
  return counts.flatMap(([count, text]) => (count > 0 ? [`${count} ${text}`] : [])).join(', ');
}

/** The workers that do it together, by rank, or the one that does it alone. */
function placeText(attempt: Attempt): string {
  return attempt.workers.length > 0 ? attempt.workers.join(', ') : (attempt.worker ?? '');
}

/** Every attempt, the newest first, with the error of those that failed. */
export function AttemptsCard({ job, detail }: { job: Job; detail: JobDetail }) {
  const attempts = [...(detail.attempts ?? [])].reverse();
  return (
    <section class="card" aria-labelledby="attempts-title">
      <div class="card-head">
        <h2 id="attempts-title">Attempts</h2>
        <span class="muted small">{endsText(job)}</span>
      </div>
      {job.retry_at && <p>It crashed and is tried again at {formatDateTime(job.retry_at)}.</p>}
      {attempts.length === 0 && <p class="muted">None has begun.</p>}
      <ol class="plain stack">
        {attempts.map((attempt) => (
          <li key={attempt.number} class="stack" data-attempt={attempt.number}>
            <div class="row">
              <strong>Attempt {attempt.number}</strong>
              <StateBadge state={attempt.state} />
              <span class="muted small">
                {attempt.worker && `on ${placeText(attempt)}, `}began <Ago time={attempt.started_at} />,{' '}
                {attempt.ended_at ? 'took' : 'for'} <Took from={attempt.started_at} to={attempt.ended_at} />
              </span>
            </div>
            {attempt.error && (
              <details>
                <summary>{attempt.error.message}</summary>
                <JobErrorNotice error={attempt.error} title={`Attempt ${attempt.number} ended`} />
              </details>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
