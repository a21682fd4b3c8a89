import { useState } from 'preact/hooks';
import { post } from '../../api/client';
import type { Study } from '../../api/types';
import { Confirm } from '../../components/confirm';
import { ProblemNotice } from '../../components/notice';
import { formatCount } from '../../format/numbers';
import { useAction } from '../../hooks/use_action';
import { useTake } from '../../hooks/use_store';

export function CancelStudy({ study }: { study: Study }) {
  const take = useTake();
  const [asking, setAsking] = useState(false);
  const { busy, problem, run } = useAction();
  const open = study.jobs.blocked + study.jobs.queued + study.jobs.running;

  const cancel = async () => {
    await take(post('/api/v1/studies/{study}/cancel', { study: study.id }, undefined), (answer) => ({
      type: 'studies',
      items: [answer],
    }));
    setAsking(false);
  };

  return (
    <>
      <button type="button" class="button danger" onClick={() => setAsking(true)}>
        Cancel study
      </button>
      {asking && (
        <Confirm
          title={`Cancel “${study.title || study.name}”?`}
          action={`Cancel ${formatCount(open)} jobs`}
          busy={busy}
          onConfirm={() => void run(cancel)}
          onClose={() => setAsking(false)}
        >
          <p class="muted">
            Jobs that are not done are given up, unless another study needs them. What is measured stays, and
            submitting the study again continues from there.
          </p>
          {problem && <ProblemNotice problem={problem} />}
        </Confirm>
      )}
    </>
  );
}
