/** How parts of the state take in news. Pure; the inputs are never changed. */
import type { Curves, LogLine } from '../api/types';
import { kLogLines } from './state';

type CurvePoint = { series: string; step: number; value: number };

export function byId<T>(items: T[], id: (item: T) => string): Record<string, T> {
  return Object.fromEntries(items.map((item) => [id(item), item]));
}

/** Lines in `seq` order, each once, the newest `kLogLines`. Usually the new ones simply follow. */
export function mergeLogs(known: LogLine[], lines: LogLine[]): LogLine[] {
  const last = known.at(-1)?.seq ?? -1;
  const follows = lines.every((line, index) => line.seq > (lines[index - 1]?.seq ?? last));
  const merged = follows
    ? [...known, ...lines]
    : [...new Map([...known, ...lines].map((line) => [line.seq, line])).values()].sort(
        (a, b) => a.seq - b.seq,
      );
  return merged.length > kLogLines ? merged.slice(-kLogLines) : merged;
}

/** A retried attempt may tell a step again: the later value stands. */
export function mergeCurves(known: Curves, points: CurvePoint[]): Curves {
  const next = { ...known };
  const touched = new Set<string>();
  for (const { series, step, value } of points) {
    const line = touched.has(series) ? (next[series] ?? []) : [...(next[series] ?? [])];
    touched.add(series);
    insertPoint(line, step, value);
    next[series] = line;
  }
  return next;
}

function insertPoint(line: number[][], step: number, value: number): void {
  let index = line.length;
  while (index > 0 && (line[index - 1]?.[0] ?? -1) >= step) index -= 1;
  const same = line[index]?.[0] === step;
  line.splice(index, same ? 1 : 0, [step, value]);
}
