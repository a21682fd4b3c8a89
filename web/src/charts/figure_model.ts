/**
 * What the figure draws, from the coordinator's rows. Pure. A line joins points of one ratio and one identity only; where identities differ, the ratio gets several lines and `mixed` names what differs, so that it can be said.
 */
import type { Figure, FigurePoint, Point } from '../api/types';

export type Metric = 'fid' | 'inception_score';
export type Across = 'steps_per_scale' | 'total_steps';

export interface Mark {
  x: number;
  y: number;
  error: number | null;
  row: FigurePoint;
}

export interface Line {
  id: string;
  ratio: string;
  /** Place of the ratio in the study: decides colour and mark. */
  series: number;
  /** Place among the lines of the same ratio: decides the dash. */
  variant: number;
  marks: Mark[];
}

const kIdentity = [
  'n',
  'network_sha256',
  'reference_sha256',
  'evaluator_version',
  'code_version',
  'precision',
] as const;

function identityOf(row: FigurePoint): string {
  return JSON.stringify(kIdentity.map((field) => row[field]));
}

/** Whether the rows hold several seeds at one place: then each seed has its own line, else the line would go up and down. */
function hasSeveralSeeds(rows: FigurePoint[]): boolean {
  const places = new Set(rows.map((row) => `${row.steps_per_scale}/${identityOf(row)}`));
  return places.size < rows.length;
}

export function buildLines(figure: Figure, metric: Metric, across: Across): Line[] {
  return figure.series.flatMap((series, index) => {
    const bySeed = hasSeveralSeeds(series.points);
    const groups = new Map<string, FigurePoint[]>();
    for (const row of series.points) {
      const id = `${bySeed ? row.seed : ''}/${identityOf(row)}`;
      groups.set(id, [...(groups.get(id) ?? []), row]);
    }
    return [...groups.values()].map((rows, variant) => ({
      id: `${series.ratio}/${variant}`,
      ratio: series.ratio,
      series: index,
      variant,
      marks: rows.flatMap((row) => toMark(row, metric, across)).sort((a, b) => a.x - b.x),
    }));
  });
}

function toMark(row: FigurePoint, metric: Metric, across: Across): Mark[] {
  const y = row[metric];
  if (y === null) return [];
  return [{ x: row[across], y, error: row[`${metric}_uncertainty`], row }];
}

/** Names of the identity's fields that are not the same in all rows. Seeds may differ: they only make lines apart. */
export function mixedFields(figure: Figure): string[] {
  const rows = figure.series.flatMap((series) => series.points);
  return kIdentity.filter((field) => new Set(rows.map((row) => row[field])).size > 1);
}

/** The figure at one guidance, from the study's points; the order and labels of `best` are kept. */
export function figureAt(guidance: number, best: Figure, points: Point[]): Figure {
  const rows = points.filter((point) => point.guidance === guidance).flatMap(toRow);
  return {
    series: best.series.map((series) => ({
      ...series,
      points: rows.filter((row) => row.ratio === series.ratio),
    })),
  };
}

function toRow(point: Point): FigurePoint[] {
  return point.identity && point.state === 'succeeded' ? [{ ...point, ...point.identity }] : [];
}

/** Every ratio of the study has its place, also before its first point is measured. */
export function withAllRatios(figure: Figure, ratios: string[], name: (ratio: string) => string): Figure {
  const known = new Map(figure.series.map((series) => [series.ratio, series]));
  const missing = ratios.filter((ratio) => !known.has(ratio));
  const ordered = ratios.flatMap((ratio) => known.get(ratio) ?? []);
  const others = figure.series.filter((series) => !ratios.includes(series.ratio));
  const empty = missing.map((ratio) => ({ ratio, label: name(ratio), points: [] }));
  const all = [...ordered, ...empty, ...others];
  const place = (ratio: string) => (ratios.includes(ratio) ? ratios.indexOf(ratio) : ratios.length);
  return { series: all.sort((a, b) => place(a.ratio) - place(b.ratio)) };
}
