import { useNow } from '../hooks/use_time';
import { formatAgo, formatDateTime, formatDuration, secondsBetween } from '../format/times';

export function Ago({ time }: { time: string }) {
  const now = useNow();
  return (
    <time dateTime={time} title={formatDateTime(time)}>
      {formatAgo(time, now)}
    </time>
  );
}

/** From start to end, or to now and ticking while there is no end. */
export function Took({ from, to }: { from: string | null; to: string | null }) {
  const now = useNow(from !== null && to === null);
  return <span class="nowrap">{formatDuration(secondsBetween(from, to, now))}</span>;
}
