import { get } from '../../api/client';
import type { Job } from '../../api/types';
import { ProblemNotice } from '../../components/notice';
import { formatDuration } from '../../format/times';
import { useLoad } from '../../hooks/use_load';
import { useNow } from '../../hooks/use_time';
import { timelineModel, type TimelineBar } from './timeline_model';

const kRow = 20;
const kWidth = 1000;

/** What each phase means, for whoever does not know the words. */
const kPhases: Record<string, string> = {
  blocked: 'waits for other jobs',
  queued: 'waits for a worker',
  fetching: 'the worker fetches what it needs',
  waiting: 'waits at the worker for its turn',
  running: 'works',
};

function nameOf(bar: TimelineBar): string {
  return bar.attempt === null ? bar.phase : `${bar.phase} (attempt ${bar.attempt})`;
}

/** Checkpoints come without an event. */
const kLookAgain = 30_000;

/** Where the time of a job went: one row a span, marks where checkpoints were kept. */
export function TimelineCard({ job }: { job: Job }) {
  const going = job.state === 'blocked' || job.state === 'queued' || job.state === 'running';
  const now = useNow(going);
  const turn = job.state === 'running' ? Math.floor(now / kLookAgain) : 0;
  const phase = [job.state, job.attempts, job.started_at, turn].join('/');
  const loaded = useLoad(`timeline/${job.key}`, phase, (signal) =>
    get('/api/v1/jobs/{key}/timeline', { key: job.key }, signal),
  );
  const timeline = loaded.value;
  const model = timeline ? timelineModel(timeline, now) : null;
  return (
    <section class="card" aria-labelledby="timeline-title">
      <div class="card-head">
        <h2 id="timeline-title">Timeline</h2>
        {model && <span class="muted small">{formatDuration(model.seconds)} since it was submitted</span>}
      </div>
      {loaded.problem && <ProblemNotice problem={loaded.problem} retry={loaded.reload} />}
      {model && (
        <ol class="plain timeline">
          {model.bars.map((bar, index) => (
            <li key={index} data-phase={bar.phase} title={kPhases[bar.phase]}>
              <span class="small">{nameOf(bar)}</span>
              <Track bar={bar} />
              <span class="muted small nowrap">
                {formatDuration(bar.seconds)}
                {bar.open && ' …'}
              </span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

/** The words beside it say the same, so it is not read aloud. */
function Track({ bar }: { bar: TimelineBar }) {
  const x = bar.from * kWidth;
  return (
    <svg viewBox={`0 0 ${kWidth} ${kRow}`} preserveAspectRatio="none" aria-hidden="true">
      <rect class="timeline-track" x="0" y="8" width={kWidth} height="4" />
      <rect
        class="timeline-span"
        x={x}
        y="3"
        width={Math.max(3, (bar.to - bar.from) * kWidth)}
        height="14"
        rx="2"
      />
      {bar.checkpoints.map((share) => (
        <rect key={share} class="timeline-checkpoint" x={share * kWidth - 2} y="0" width="4" height={kRow} />
      ))}
    </svg>
  );
}
