import { useState } from 'preact/hooks';
import { post } from '../../api/client';
import type { Study } from '../../api/types';
import { ProblemNotice } from '../../components/notice';
import { formatCount } from '../../format/numbers';
import { useAction } from '../../hooks/use_action';
import { useTake } from '../../hooks/use_store';
import { isOver } from '../../store/derive';
import { CancelStudy } from './cancel_study';
import { PauseStudy } from './pause_study';

/** What can be done to a study as it is now. */
export function StudyActions({ study }: { study: Study }) {
  const take = useTake();
  const action = useAction();
  const [told, setTold] = useState('');
  const over = isOver(study.state);
  const { failed, cancelled } = study.jobs;
  const values = { study: study.id };

  const rerun = async () => {
    const again = await take(
      post('/api/v1/studies/{study}/rerun', values, { failed: true, cancelled: true }),
      (answer) => ({ type: 'studies', items: [answer] }),
    );
    setTold(
      `${formatCount(again.jobs_started)} jobs start afresh, ${formatCount(again.jobs_succeeded)} done jobs are left alone.`,
    );
  };
  const archive = async () => {
    const path = study.archived_at ? 'unarchive' : 'archive';
    await take(post(`/api/v1/studies/{study}/${path}`, values, undefined), (answer) => ({
      type: 'studies',
      items: [answer],
    }));
  };

  return (
    <div class="stack">
      <div class="row" role="group" aria-label="Actions">
        {failed + cancelled > 0 && (
          <button type="button" class="button" disabled={action.busy} onClick={() => void action.run(rerun)}>
            Run {formatCount(failed + cancelled)} missing jobs again
          </button>
        )}
        {!over && <PauseStudy study={study} action={action} />}
        {!over && <CancelStudy study={study} />}
        {over && (
          <button
            type="button"
            class="button"
            disabled={action.busy}
            onClick={() => void action.run(archive)}
          >
            {study.archived_at ? 'Take out of the archive' : 'Archive'}
          </button>
        )}
      </div>
      {told && (
        <p class="muted small" role="status">
          {told}
        </p>
      )}
      {action.problem && <ProblemNotice problem={action.problem} />}
    </div>
  );
}
