import { useState } from 'preact/hooks';
import { get } from '../../api/client';
import type { Job, Study } from '../../api/types';
import { ProblemNotice } from '../../components/notice';
import { Pager } from '../../components/pager';
import { Select } from '../../components/select';
import { kindName, stateName } from '../../format/names';
import { formatCount } from '../../format/numbers';
import { useLoad } from '../../hooks/use_load';
import { useStore, useTake } from '../../hooks/use_store';
import { useThrottled } from '../../hooks/use_time';
import { failedFirst } from '../../store/derive';
import { JobTable } from './job_table';

const kPage = 20;
const kStates = ['failed', 'running', 'queued', 'blocked', 'succeeded', 'cancelled'];

/** The study's jobs, failed ones first, a page at a time. What is shown stays current; the page is loaded anew as others change. */
export function JobsCard({ study }: { study: Study }) {
  const take = useTake();
  const [filter, setFilter] = useState({ state: '', kind: '' });
  const [cursors, setCursors] = useState<string[]>([]);
  const cursor = cursors.at(-1) ?? '';
  const identity = ['jobs', study.id, filter.state, filter.kind, cursor].join('/');
  const changes = useThrottled(
    useStore((state) => state.jobChanges[study.id] ?? 0),
    2000,
  );
  const loaded = useLoad(identity, String(changes), async (signal) => {
    const page = await take(
      get('/api/v1/jobs', { study: study.id, ...filter, cursor, limit: kPage }, signal),
      (answer) => ({ type: 'jobs', items: answer.items }),
    );
    return { keys: page.items.map((job) => job.key), next: page.next_cursor };
  });
  const known = useStore((state) => state.jobs);
  const jobs = (loaded.value?.keys ?? []).flatMap((key): Job[] => (known[key] ? [known[key]] : []));
  const choose = (change: Partial<typeof filter>) => {
    setFilter({ ...filter, ...change });
    setCursors([]);
  };
  const next = loaded.value?.next ?? null;
  const first = cursors.length * kPage;

  return (
    <section class="card" aria-labelledby="jobs-title">
      <div class="card-head">
        <h2 id="jobs-title">Jobs</h2>
        <div class="row">
          <Select
            label="State"
            value={filter.state}
            onChange={(state) => choose({ state })}
            options={[{ value: '', name: 'all' }, ...kStates.map((s) => ({ value: s, name: stateName(s) }))]}
          />
          <Select
            label="Kind"
            value={filter.kind}
            onChange={(kind) => choose({ kind })}
            options={[
              { value: '', name: 'all' },
              ...study.stages.map(({ kind }) => ({ value: kind, name: kindName(kind) })),
            ]}
          />
        </div>
      </div>
      {loaded.problem && <ProblemNotice problem={loaded.problem} retry={loaded.reload} />}
      {loaded.value && jobs.length === 0 && <p class="muted">No job is like this.</p>}
      {jobs.length > 0 && <JobTable jobs={failedFirst(jobs)} />}
      {(next !== null || cursors.length > 0) && (
        <Pager
          text={`Jobs ${formatCount(first + 1)} to ${formatCount(first + jobs.length)}, failed first`}
          onPrevious={cursors.length > 0 ? () => setCursors(cursors.slice(0, -1)) : null}
          onNext={next !== null ? () => setCursors([...cursors, next]) : null}
        />
      )}
    </section>
  );
}
