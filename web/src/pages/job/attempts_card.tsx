import type { JobDetail } from '../../api/types';
import { Ago, Took } from '../../components/ago';
import { JobErrorNotice } from '../../components/notice';
import { StateBadge } from '../../components/state_badge';

/** Every attempt, the newest first, with the error of those that failed. */
export function AttemptsCard({ detail }: { detail: JobDetail }) {
  const attempts = [...(detail.attempts ?? [])].reverse();
  return (
    <section class="card" aria-labelledby="attempts-title">
      <div class="card-head">
        <h2 id="attempts-title">Attempts</h2>
      </div>
      {attempts.length === 0 && <p class="muted">None has begun.</p>}
      <ol class="plain stack">
        {attempts.map((attempt) => (
          <li key={attempt.number} class="stack" data-attempt={attempt.number}>
            <div class="row">
              <strong>Attempt {attempt.number}</strong>
              <StateBadge state={attempt.state} />
              <span class="muted small">
                {attempt.worker && `on ${attempt.worker}, `}began <Ago time={attempt.started_at} />,{' '}
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
