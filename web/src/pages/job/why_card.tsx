import { get } from '../../api/client';
import type { Job } from '../../api/types';
import { ProblemNotice } from '../../components/notice';
import { useLoad } from '../../hooks/use_load';

/** Why a job that waits is not running, down to each worker; asked anew with every attempt and on demand. */
export function WhyCard({ job }: { job: Job }) {
  const waits = job.state === 'queued' || job.state === 'blocked';
  const loaded = useLoad(`why/${job.key}`, waits ? `${job.state}/${job.attempts}` : null, (signal) =>
    get('/api/v1/jobs/{key}/why', { key: job.key }, signal),
  );
  if (!waits || (!loaded.value && !loaded.problem)) return null;
  const why = loaded.value;
  return (
    <section class="card stack" aria-labelledby="why-title">
      <div class="card-head">
        <h2 id="why-title">Why it waits</h2>
        <button type="button" onClick={loaded.reload}>
          Ask again
        </button>
      </div>
      {loaded.problem && <ProblemNotice problem={loaded.problem} retry={loaded.reload} />}
      {why && (
        <>
          <p>{why.summary}</p>
          {why.details.map((detail) => (
            <p key={detail} class="muted">
              {detail}
            </p>
          ))}
          <ul class="plain stack">
            {why.workers.map((worker) => (
              <li key={worker.id} class="row">
                <strong>{worker.name}</strong>
                <span class={worker.suits ? '' : 'muted'}>{worker.reason}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
