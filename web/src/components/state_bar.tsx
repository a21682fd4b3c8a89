import type { ComponentChildren } from 'preact';
import type { JobCounts } from '../api/types';
import { stateName } from '../format/names';
import { formatCount, formatPercent } from '../format/numbers';
import { segments } from '../store/derive';

/** One bar, a segment per state, the counts in words beneath, and what else the owner has to say beside them. */
interface StateBarProps {
  jobs: JobCounts;
  label: string;
  children?: ComponentChildren;
}

export function StateBar({ jobs, label, children }: StateBarProps) {
  return (
    <div class="stack">
      <Bar parts={segments(jobs)} done={jobs.succeeded} total={jobs.total} label={label} />
      <div class="figure-line small muted">
        <ul class="legend">
          {segments(jobs).map(({ state, count }) => (
            <li key={state} data-state={state}>
              <strong>{formatCount(count)}</strong> {stateName(state).toLowerCase()}
            </li>
          ))}
        </ul>
        <span>{children}</span>
      </div>
    </div>
  );
}

interface BarProps {
  parts: { state: string; count: number }[];
  done: number;
  total: number;
  label: string;
  slim?: boolean;
}

export function Bar({ parts, done, total, label, slim }: BarProps) {
  return (
    <div
      class={slim ? 'bar slim' : 'bar'}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={done}
      aria-valuetext={`${formatPercent(done, total)}, ${done} of ${total}`}
    >
      {parts.map(({ state, count }) => (
        <span key={state} data-segment={state} style={{ flexGrow: count }} />
      ))}
    </div>
  );
}
