import type { StudyDiff } from '../../api/types';
import { StateBadge } from '../../components/state_badge';
import { kindName } from '../../format/names';
import { formatCount } from '../../format/numbers';
import { hrefs } from '../../router';

const kShown = 30;

function tally(count: { jobs: number; points: number }): string {
  return `${formatCount(count.jobs)} jobs, ${formatCount(count.points)} points`;
}

/** How two sets differ: counts first, then the points, or where there are none the jobs. */
export function DiffView({ diff }: { diff: StudyDiff }) {
  const hasPoints = diff.added.points + diff.removed.points > 0;
  const items = diff.items.filter(({ kind }) => !hasPoints || kind === 'score_point');
  const shown = items.slice(0, kShown);
  return (
    <div class="stack" data-diff>
      <dl class="facts">
        <dt>Added</dt>
        <dd>
          {tally(diff.added)} ({formatCount(diff.jobs_done)} done already, {formatCount(diff.jobs_new)} never
          asked for before)
        </dd>
        <dt>Removed</dt>
        <dd>
          {tally(diff.removed)} ({formatCount(diff.jobs_cancelled)} not done and needed by no other study;
          results stay)
        </dd>
        <dt>Shared</dt>
        <dd>{tally(diff.shared)}</dd>
        {diff.shared_with.length > 0 && (
          <>
            <dt>Also in</dt>
            <dd>
              {diff.shared_with.map((study) => (
                <span key={study.id} class="nowrap">
                  <a href={hrefs.study(study.id)}>{study.name}</a> ({formatCount(study.jobs)}){' '}
                </span>
              ))}
            </dd>
          </>
        )}
      </dl>
      {shown.length > 0 && (
        <ul class="plain small">
          {shown.map((item) => (
            <li key={item.key} data-change={item.change}>
              {item.change === 'added' ? '+' : '−'} {kindName(item.kind)}
              {item.label && `, ${item.label}`} <StateBadge state={item.state} />
            </li>
          ))}
        </ul>
      )}
      {(items.length > kShown || diff.truncated) && (
        <p class="muted small">
          … and more; <code>checkerlab study diff --json</code> lists them.
        </p>
      )}
    </div>
  );
}
