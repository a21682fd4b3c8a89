/** Numbers as people read them. Pure functions; null and undefined become an en dash. */

const kMissing = '–';

export function formatCount(value: number | null | undefined): string {
  return value === null || value === undefined ? kMissing : value.toLocaleString('en-US');
}

/** Digits after the point for a value known to ± uncertainty: two significant digits of the uncertainty. */
function decimalsFor(uncertainty: number): number {
  if (!(uncertainty > 0)) return 2;
  return Math.min(6, Math.max(0, 1 - Math.floor(Math.log10(uncertainty))));
}

export function formatScore(value: number | null | undefined): string {
  if (value === null || value === undefined) return kMissing;
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 1 : size >= 1 ? 2 : 3);
}

/** "12.34 ± 0.56": the value is rounded to where its uncertainty begins. */
export function formatMeasured(value: number | null | undefined, uncertainty?: number | null): string {
  if (value === null || value === undefined) return kMissing;
  if (uncertainty === null || uncertainty === undefined) return formatScore(value);
  const decimals = decimalsFor(uncertainty);
  return `${value.toFixed(decimals)} ± ${uncertainty.toFixed(decimals)}`;
}

export function formatPercent(done: number, total: number): string {
  if (total <= 0) return kMissing;
  // Rounded down, so that 100 % is only said when everything is done.
  return `${Math.floor((100 * done) / total)} %`;
}

export function formatRate(perSecond: number | null | undefined): string {
  if (perSecond === null || perSecond === undefined || perSecond <= 0) return kMissing;
  if (perSecond >= 1) return `${perSecond >= 10 ? Math.round(perSecond) : perSecond.toFixed(1)}/s`;
  const perMinute = perSecond * 60;
  return perMinute >= 1 ? `${perMinute.toFixed(1)}/min` : `${(perMinute * 60).toFixed(1)}/h`;
}

const kByteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

export function formatBytes(bytes: number | null | undefined): string {
  if (bytes === null || bytes === undefined) return kMissing;
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < kByteUnits.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${kByteUnits[unit]}`;
}

/** A metric of a job's result: integers whole, others with four significant digits. */
export function formatMetric(value: number): string {
  return Number.isInteger(value) ? value.toLocaleString('en-US') : String(Number(value.toPrecision(4)));
}

export function shortHash(hash: string | null | undefined, length = 10): string {
  return hash ? hash.slice(0, length) : kMissing;
}

/** A number cut where nothing is said any more: "1e-3" stays short, 0.30000000000000004 becomes 0.3. */
export function formatPlain(value: number): string {
  return String(Number(value.toPrecision(6)));
}
