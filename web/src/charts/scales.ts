/** Axes as pure functions: domain → pixels, and ticks that people would choose. */

export interface Scale {
  (value: number): number;
  ticks: number[];
}

export function extent(values: number[]): [number, number] | null {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? [low, high] : null;
}

/** 1, 2 or 5 times a power of ten: the smallest such step that needs at most `count` intervals. */
export function niceStep(span: number, count: number): number {
  if (!(span > 0)) return 1;
  const raw = span / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= raw * (1 - 1e-9)) ?? 10;
  return factor * power;
}

export function linearScale(domain: [number, number], range: [number, number], count = 5): Scale {
  const span = domain[1] - domain[0];
  const padding = span > 0 ? span * 0.06 : Math.abs(domain[0]) * 0.1 || 1;
  let low = domain[0] - padding;
  const high = domain[1] + padding;
  // Scores are never negative; an axis that shows room below zero would say otherwise.
  if (domain[0] >= 0) low = Math.max(0, low);
  const step = niceStep(high - low, count);
  const ticks: number[] = [];
  for (let index = Math.ceil(low / step); index * step <= high + step * 1e-9; index += 1) {
    ticks.push(Number((index * step).toPrecision(12)));
  }
  const slope = (range[1] - range[0]) / (high - low);
  return Object.assign((value: number) => range[0] + (value - low) * slope, { ticks });
}

/** Base-2 axis: ticks at powers of two within the domain; a little room on both sides. Values must be > 0. */
export function logScale(domain: [number, number], range: [number, number]): Scale {
  const low = Math.log2(domain[0]) - 0.25;
  const high = Math.log2(domain[1]) + 0.25;
  const ticks: number[] = [];
  for (let power = Math.ceil(low); power <= high; power += 1) ticks.push(2 ** power);
  const slope = (range[1] - range[0]) / (high - low);
  return Object.assign((value: number) => range[0] + (Math.log2(value) - low) * slope, { ticks });
}
