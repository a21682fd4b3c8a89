import { useState } from 'preact/hooks';
import { ApiError, post } from '../../api/client';
import type { Problem, Study } from '../../api/types';
import { Confirm } from '../../components/confirm';
import { ProblemNotice } from '../../components/notice';
import { formatCount } from '../../format/numbers';
import { useDispatch } from '../../hooks/use_store';

export function CancelStudy({ study }: { study: Study }) {
  const dispatch = useDispatch();
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const open = study.jobs.blocked + study.jobs.queued + study.jobs.running;

  const cancel = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const cancelled = await post('/api/v1/studies/{study}/cancel', { study: study.id }, undefined);
      dispatch({ type: 'studies', items: [cancelled] });
      setAsking(false);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem(error.problem);
    } finally {
      setBusy(false);
    }
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
          onConfirm={() => void cancel()}
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
