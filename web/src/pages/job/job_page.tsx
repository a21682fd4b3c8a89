import { useRef } from 'preact/hooks';
import { get } from '../../api/client';
import type { Job, JobDetail } from '../../api/types';
import { ProblemNotice } from '../../components/notice';
import { Skeleton } from '../../components/skeleton';
import { kindName } from '../../format/names';
import { useFollow } from '../../hooks/use_follow';
import { useLoad } from '../../hooks/use_load';
import { useTitle } from '../../hooks/use_route';
import { useStore, useTake } from '../../hooks/use_store';
import { useThrottled } from '../../hooks/use_time';
import { ArtifactsCard } from './artifacts_card';
import { AttemptsCard } from './attempts_card';
import { CurveCard } from './curve_card';
import { InputsCard } from './inputs_card';
import { JobHead } from './job_head';
import { LogCard } from './log_card';
import { Picture } from './picture';
import { TimelineCard } from './timeline_card';
import { WhyCard } from './why_card';

const kFinal = ['succeeded', 'failed', 'cancelled'];
const kLearning = ['train_tokenizer', 'retrain_codebook', 'train_metric_network', 'train_model'];

function phaseOf(job: Job): string {
  return `${job.state}/${job.attempts}`;
}

/** The job as lists have it: `attempts` is a count there. */
function toJob(detail: JobDetail): Job {
  return { ...detail, attempts: detail.attempts?.length ?? 0 };
}

export function JobPage({ jobKey }: { jobKey: string }) {
  const take = useTake();
  const live = useStore((state) => state.jobs[jobKey]);
  const phase = useRef({ loaded: '', wanted: '' });
  // Another attempt or state than the loaded one: attempts, result and artifacts are to be loaded anew.
  if (live && phaseOf(live) !== phase.current.loaded) phase.current.wanted = phaseOf(live);
  // When many jobs change at once no event tells of each: it may have been this one.
  const study = live && !kFinal.includes(live.state) ? (live.studies[0] ?? '') : '';
  const changes = useThrottled(
    useStore((state) => state.jobChanges[study] ?? 0),
    2000,
  );
  const loaded = useLoad(`job/${jobKey}`, `${phase.current.wanted}/${changes}`, async (signal) => {
    const detail = await take(get('/api/v1/jobs/{key}', { key: jobKey }, signal), (answer) => {
      const job = toJob(answer);
      phase.current.loaded = phaseOf(job);
      return { type: 'jobs', items: [job] };
    });
    return detail;
  });
  const detail = loaded.value;
  useFollow(detail ? (detail.studies[0] ?? null) : undefined);
  useTitle(detail ? detail.label || kindName(detail.kind) : 'Job');

  if (!detail) {
    if (loaded.problem) return <ProblemNotice problem={loaded.problem} retry={loaded.reload} />;
    return <Skeleton label="Loading the job" lines={6} />;
  }
  const job = live ?? toJob(detail);
  return (
    <>
      <JobHead job={job} detail={detail} />
      <WhyCard job={job} />
      <Picture job={detail} />
      {kLearning.includes(job.kind) && <CurveCard jobKey={jobKey} />}
      <LogCard jobKey={jobKey} />
      <TimelineCard job={job} />
      <AttemptsCard job={job} detail={detail} />
      <div class="columns">
        <InputsCard detail={detail} />
        <ArtifactsCard detail={detail} />
      </div>
      <details class="card">
        <summary>
          <strong>Spec</strong> <span class="muted small">what the key is the hash of</span>
        </summary>
        <pre class="spec" tabIndex={0}>
          {JSON.stringify(detail.spec, null, 2)}
        </pre>
      </details>
    </>
  );
}
