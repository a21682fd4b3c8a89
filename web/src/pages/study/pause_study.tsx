import { useState } from 'preact/hooks';
import { post } from '../../api/client';
import type { Study } from '../../api/types';
import { Confirm } from '../../components/confirm';
import { ProblemNotice } from '../../components/notice';
import { formatCount } from '../../format/numbers';
import type { Action } from '../../hooks/use_action';
import { useAction } from '../../hooks/use_action';
import { useTake } from '../../hooks/use_store';

/** Pausing asks what becomes of running jobs, when there are any; resuming asks nothing. */
export function PauseStudy({ study, action }: { study: Study; action: Action }) {
  const take = useTake();
  const asked = useAction();
  const [asking, setAsking] = useState(false);
  const [stop, setStop] = useState(false);
  const { running } = study.jobs;

  const pause = (stopRunning: boolean) => async () => {
    const body = { stop_running: stopRunning };
    await take(post('/api/v1/studies/{study}/pause', { study: study.id }, body), (answer) => ({
      type: 'studies',
      items: [answer],
    }));
    setAsking(false);
  };
  const resume = async () => {
    await take(post('/api/v1/studies/{study}/resume', { study: study.id }, undefined), (answer) => ({
      type: 'studies',
      items: [answer],
    }));
  };

  if (study.paused) {
    return (
      <button
        type="button"
        class="button primary"
        disabled={action.busy}
        onClick={() => void action.run(resume)}
      >
        Resume
      </button>
    );
  }
  return (
    <>
      <button
        type="button"
        class="button"
        disabled={action.busy}
        onClick={() => (running > 0 ? setAsking(true) : void action.run(pause(false)))}
      >
        Pause
      </button>
      {asking && (
        <Confirm
          title={`Pause “${study.title || study.name}”?`}
          action="Pause"
          keep="Not now"
          busy={asked.busy}
          onConfirm={() => void asked.run(pause(stop))}
          onClose={() => setAsking(false)}
        >
          <p class="muted">
            Nothing more is started until the study is resumed, except what another study needs.{' '}
            {formatCount(running)} running {running === 1 ? 'job goes' : 'jobs go'} on to the end.
          </p>
          <label class="check">
            <input
              type="checkbox"
              checked={stop}
              onChange={(event) => setStop(event.currentTarget.checked)}
            />
            Stop them too; they go on from their last checkpoints later
          </label>
          {asked.problem && <ProblemNotice problem={asked.problem} />}
        </Confirm>
      )}
    </>
  );
}
