import { useEffect, useRef, useState } from 'preact/hooks';
import { get } from '../../api/client';
import type { LogLine } from '../../api/types';
import { ProblemNotice } from '../../components/notice';
import { formatClock } from '../../format/times';
import { useLoad } from '../../hooks/use_load';
import { useStore, useTake } from '../../hooks/use_store';

const kTail = 500;
const kNone: LogLine[] = [];

/** The last log lines. Follows the newest while scrolled to the end, and stays put while one reads further up. */
export function LogCard({ jobKey }: { jobKey: string }) {
  const take = useTake();
  const loaded = useLoad(`logs/${jobKey}`, jobKey, async (signal) => {
    await take(get('/api/v1/jobs/{key}/logs', { key: jobKey, tail: kTail }, signal), ({ items }) => ({
      type: 'logs',
      key: jobKey,
      items,
    }));
    return true;
  });
  const lines = useStore((state) => state.logs[jobKey] ?? kNone).slice(-kTail);
  const box = useRef<HTMLDivElement>(null);
  const [following, setFollowing] = useState(true);
  const last = lines.at(-1)?.seq;

  useEffect(() => {
    if (following && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [following, last]);

  const handleScroll = () => {
    const element = box.current;
    if (element) setFollowing(element.scrollTop + element.clientHeight >= element.scrollHeight - 24);
  };

  return (
    <section class="card" aria-labelledby="log-title">
      <div class="card-head">
        <h2 id="log-title">Log</h2>
        {!following && (
          <button type="button" class="button" onClick={() => setFollowing(true)}>
            Follow the newest
          </button>
        )}
      </div>
      {loaded.problem && <ProblemNotice problem={loaded.problem} retry={loaded.reload} />}
      {lines.length === 0 && !loaded.problem && <p class="muted">No line yet.</p>}
      {lines.length > 0 && (
        <div
          class="log"
          ref={box}
          tabIndex={0}
          role="log"
          aria-live="off"
          aria-labelledby="log-title"
          onScroll={handleScroll}
        >
          {lines.map((line) => (
            <div key={line.seq} class="log-line" data-level={line.level}>
              <time dateTime={line.time}>{formatClock(line.time)}</time>
              <span>
                {line.level === 'error' || line.level === 'warning'
                  ? `${line.level}: ${line.text}`
                  : line.text}
              </span>
            </div>
          ))}
        </div>
      )}
    </section>
  );
}
