/** Times and durations as people read them. `now` is an argument, so that tests need no clock. */

const kUnits: [number, string][] = [
  [86400, 'd'],
  [3600, 'h'],
  [60, 'min'],
];

/** "4 s", "2 min 5 s", "3 h 12 min", "2 d 4 h": two units at most. */
export function formatDuration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return '–';
  let rest = Math.max(0, Math.round(seconds));
  const parts: string[] = [];
  for (const [size, name] of kUnits) {
    if (rest < size && parts.length === 0) continue;
    parts.push(`${Math.floor(rest / size)} ${name}`);
    rest %= size;
    if (parts.length === 2) break;
  }
  if (parts.length < 2) parts.push(`${rest} s`);
  return parts.filter((part, index) => index === 0 || !part.startsWith('0 ')).join(' ');
}

export function secondsBetween(
  from: string | null | undefined,
  to: string | null | undefined,
  now: number,
): number | null {
  if (!from) return null;
  return Math.max(0, ((to ? Date.parse(to) : now) - Date.parse(from)) / 1000);
}

/** For estimates, which are never good to the second: the larger unit alone, unless that would be a single minute or so. */
export function formatRoughly(seconds: number): string {
  if (seconds < 90) return formatDuration(Math.ceil(seconds / 5) * 5);
  if (seconds < 5400) return formatDuration(Math.round(seconds / 60) * 60);
  return formatDuration(Math.round(seconds / 600) * 600);
}

/** "just now", "5 min ago", "3 d ago". */
export function formatAgo(time: string | null | undefined, now: number): string {
  const seconds = secondsBetween(time, null, now);
  if (seconds === null) return '–';
  if (seconds < 5) return 'just now';
  const [whole, unit] = formatDuration(seconds).split(' ');
  return `${whole} ${unit} ago`;
}

const kDateTime = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

export function formatDateTime(time: string | null | undefined): string {
  return time ? kDateTime.format(new Date(time)) : '–';
}

/** Hours, minutes, seconds of a log line, in the reader's time zone. */
export function formatClock(time: string): string {
  return new Date(time).toLocaleTimeString('en-GB');
}
