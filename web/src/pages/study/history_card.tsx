import { useState } from 'preact/hooks';
import { get } from '../../api/client';
import type { Revision, StudyDiff } from '../../api/types';
import { Ago } from '../../components/ago';
import { ProblemNotice } from '../../components/notice';
import { formatCount } from '../../format/numbers';
import { useAction } from '../../hooks/use_action';
import { useLoad } from '../../hooks/use_load';
import { DiffView } from './diff_view';

/** Every definition that the study had, newest first; nothing for a study that has had one only. */
export function HistoryCard({ study, revision }: { study: string; revision: number }) {
  const loaded = useLoad(`revisions/${study}`, revision > 1 ? String(revision) : null, (signal) =>
    get('/api/v1/studies/{study}/revisions', { study }, signal),
  );
  if (revision < 2) return null;
  return (
    <section class="card" aria-labelledby="history-title">
      <div class="card-head">
        <h2 id="history-title">History</h2>
        <span class="muted small">{formatCount(revision)} revisions of the definition</span>
      </div>
      {loaded.problem && <ProblemNotice problem={loaded.problem} retry={loaded.reload} />}
      <ol class="plain stack" reversed>
        {(loaded.value?.items ?? []).map((item) => (
          <li key={item.number} data-revision={item.number}>
            <RevisionItem study={study} revision={item} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function RevisionItem({ study, revision }: { study: string; revision: Revision }) {
  const action = useAction();
  const [diff, setDiff] = useState<StudyDiff | null>(null);
  const compare = async () =>
    setDiff(
      await get('/api/v1/studies/{study}/diff', { study, from: revision.number - 1, to: revision.number }),
    );
  return (
    <details>
      <summary>
        <strong>Revision {revision.number}</strong>{' '}
        <span class="muted small">
          <Ago time={revision.created_at} />
          {revision.submitted_by && `, by ${revision.submitted_by}`}: {formatCount(revision.jobs_added)} jobs
          added, {formatCount(revision.jobs_removed)} removed, {formatCount(revision.jobs_shared)} shared
        </span>
      </summary>
      <div class="stack">
        <pre class="spec" tabIndex={0}>
          {revision.definition}
        </pre>
        {revision.number > 1 && diff === null && (
          <p>
            <button
              type="button"
              class="button"
              disabled={action.busy}
              onClick={() => void action.run(compare)}
            >
              What changed
            </button>
          </p>
        )}
        {action.problem && <ProblemNotice problem={action.problem} />}
        {diff && <DiffView diff={diff} />}
      </div>
    </details>
  );
}
