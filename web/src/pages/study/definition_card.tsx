import { useState } from 'preact/hooks';
import { post } from '../../api/client';
import type { StudyDetail, StudyDiff } from '../../api/types';
import { Confirm } from '../../components/confirm';
import { ProblemNotice } from '../../components/notice';
import { formatCount } from '../../format/numbers';
import { useAction } from '../../hooks/use_action';
import { useTake } from '../../hooks/use_store';
import { DiffView } from './diff_view';

/** The definition as submitted, and a place to change it: compared first, then taken over. */
export function DefinitionCard({ detail }: { detail: StudyDetail }) {
  const [editing, setEditing] = useState(false);
  return (
    <details class="card">
      <summary>
        <strong>Definition</strong>{' '}
        <span class="muted small">
          {detail.revision > 1 ? `revision ${detail.revision}, as submitted` : 'as submitted'}
        </span>
      </summary>
      {editing ? (
        <Editor key={detail.revision} detail={detail} onClose={() => setEditing(false)} />
      ) : (
        <div class="stack">
          <pre class="spec" tabIndex={0}>
            {detail.definition}
          </pre>
          {(detail.overrides ?? []).length > 0 && (
            <p class="muted small">
              with <code>{(detail.overrides ?? []).join('  ')}</code>
            </p>
          )}
          <p>
            <button type="button" class="button" onClick={() => setEditing(true)}>
              Extend or shrink
            </button>
          </p>
        </div>
      )}
    </details>
  );
}

function Editor({ detail, onClose }: { detail: StudyDetail; onClose: () => void }) {
  const take = useTake();
  const action = useAction();
  const [text, setText] = useState(detail.definition);
  const [diff, setDiff] = useState<StudyDiff | null>(null);
  const [asking, setAsking] = useState(false);
  const values = { study: detail.id };
  const body = {
    definition: text,
    filename: detail.filename ?? 'study.yaml',
    overrides: detail.overrides ?? [],
  };

  const compare = async () => setDiff(await post('/api/v1/studies/{study}/diff', values, body));
  const extend = async () => {
    await take(
      post('/api/v1/studies/{study}/extend', values, {
        ...body,
        based_on: detail.revision,
      }),
      (answer) => ({ type: 'studies', items: [answer] }),
    );
    onClose();
  };
  const changes = diff ? diff.added.jobs + diff.removed.jobs : 0;

  return (
    <div class="stack">
      <label class="stack">
        <span>Definition (YAML)</span>
        <textarea
          class="definition"
          rows={18}
          spellcheck={false}
          value={text}
          onInput={(event) => {
            setText(event.currentTarget.value);
            setDiff(null);
          }}
        />
      </label>
      <div class="row">
        <button type="button" class="button" disabled={action.busy} onClick={() => void action.run(compare)}>
          Compare
        </button>
        <button
          type="button"
          class="button primary"
          disabled={action.busy || diff === null}
          onClick={() => (diff && diff.removed.jobs > 0 ? setAsking(true) : void action.run(extend))}
        >
          Take over {changes > 0 ? `${formatCount(changes)} changes` : 'this text'}
        </button>
        <button type="button" class="button quiet" onClick={onClose}>
          Leave as it is
        </button>
      </div>
      {action.problem && <ProblemNotice problem={action.problem} />}
      {diff && <DiffView diff={diff} />}
      {asking && diff && (
        <Confirm
          title={`Remove ${formatCount(diff.removed.jobs)} jobs from “${detail.title || detail.name}”?`}
          action={`Remove ${formatCount(diff.removed.jobs)}, add ${formatCount(diff.added.jobs)}`}
          busy={action.busy}
          onConfirm={() => void action.run(extend).then(() => setAsking(false))}
          onClose={() => setAsking(false)}
        >
          <p class="muted">
            {formatCount(diff.jobs_cancelled)} of them are not done and needed by no other study: they are
            cancelled. Results stay, and come back with the definition.
          </p>
        </Confirm>
      )}
    </div>
  );
}
