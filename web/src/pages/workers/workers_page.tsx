import { get } from '../../api/client';
import type { Worker } from '../../api/types';
import { Ago } from '../../components/ago';
import { Empty } from '../../components/empty';
import { ProblemNotice } from '../../components/notice';
import { Skeleton } from '../../components/skeleton';
import { StateBadge } from '../../components/state_badge';
import { kindName } from '../../format/names';
import { formatBytes, formatCount } from '../../format/numbers';
import { formatDateTime } from '../../format/times';
import { useFollow } from '../../hooks/use_follow';
import { useLoad } from '../../hooks/use_load';
import { useTitle } from '../../hooks/use_route';
import { useStore, useTake } from '../../hooks/use_store';
import { hrefs } from '../../router';

const kStates = ['online', 'quarantined', 'cordoned', 'draining', 'offline'];

export function WorkersPage() {
  useTitle('Workers');
  useFollow(null);
  const take = useTake();
  const loaded = useLoad('workers', 'all', async (signal) => {
    await take(get('/api/v1/workers', {}, signal), ({ items }) => ({
      type: 'workers',
      items,
    }));
    return true;
  });
  const known = useStore((state) => state.workers);
  const workers = Object.values(known).sort(
    (a, b) => kStates.indexOf(a.state) - kStates.indexOf(b.state) || a.name.localeCompare(b.name),
  );

  return (
    <>
      <div class="page-head">
        <h1>Workers</h1>
      </div>
      {loaded.problem && <ProblemNotice problem={loaded.problem} retry={loaded.reload} />}
      {!loaded.value && !loaded.problem && <Skeleton label="Loading workers" />}
      {loaded.value && workers.length === 0 && (
        <Empty title="No worker has come yet">
          <p class="muted">Start one here, or on any machine that reaches this coordinator:</p>
          <code class="command">checkerlab-worker</code>
        </Empty>
      )}
      <ul class="columns plain">
        {workers.map((worker) => (
          <li key={worker.id}>
            <WorkerCard worker={worker} />
          </li>
        ))}
      </ul>
    </>
  );
}

function deviceText({ device }: Worker): string {
  const count = device.count > 1 ? `${device.count} × ` : '';
  // A worker that could not ask its machine tells zero.
  const memory = device.memory_bytes > 0 ? `, ${formatBytes(device.memory_bytes)}` : '';
  return `${count}${device.name} (${device.type.toUpperCase()})${memory}`;
}

function WorkerCard({ worker }: { worker: Worker }) {
  return (
    <article class="card stack" data-worker={worker.id}>
      <div class="row" style={{ justifyContent: 'space-between' }}>
        <h2>{worker.name}</h2>
        <StateBadge state={worker.state} />
      </div>
      {worker.reason && (
        <p>
          {worker.reason}
          {worker.until && <> (until {formatDateTime(worker.until)})</>}
        </p>
      )}
      <dl class="facts">
        <dt>Device</dt>
        <dd>{deviceText(worker)}</dd>
        <dt>Slots</dt>
        <dd>
          {formatCount(Math.min(worker.running_total, worker.slots))} of {formatCount(worker.slots)} in use
        </dd>
        {Object.keys(worker.labels).length > 0 && (
          <>
            <dt>Labels</dt>
            <dd>
              {Object.entries(worker.labels)
                .map(([name, value]) => `${name}=${value}`)
                .join(', ')}
            </dd>
          </>
        )}
        <dt>Version</dt>
        <dd>{worker.version}</dd>
        <dt>Connected</dt>
        <dd>
          <Ago time={worker.connected_at} />
        </dd>
        {worker.state === 'offline' && (
          <>
            <dt>Last seen</dt>
            <dd>
              <Ago time={worker.last_seen_at} />
            </dd>
          </>
        )}
      </dl>
      {worker.running.length > 0 && (
        <ul class="plain stack">
          {worker.running.map((job) => (
            <li key={job.key} class="row">
              <StateBadge state="running" />
              <a href={hrefs.job(job.key)}>{kindName(job.kind)}</a>
              <code class="muted">{job.key.slice(0, 10)}</code>
            </li>
          ))}
          {worker.running_total > worker.running.length && (
            <li class="muted">and {formatCount(worker.running_total - worker.running.length)} more</li>
          )}
        </ul>
      )}
    </article>
  );
}
