/** Series of [step, value] → the columns that uPlot draws: one x column, one y column a series, null where it has none. Pure. */
export type CurveColumns = [number[], ...(number | null)[][]];

export function toColumns(lines: number[][][]): CurveColumns {
  const steps = [...new Set(lines.flatMap((line) => line.map((point) => point[0] ?? 0)))].sort(
    (a, b) => a - b,
  );
  const columns = lines.map((line) => {
    const values = new Map(line.map((point) => [point[0] ?? 0, point[1] ?? null]));
    return steps.map((step) => values.get(step) ?? null);
  });
  return [steps, ...columns];
}

export type Curve = [name: string, points: number[][]];

function isPartOf(whole: string, name: string) {
  return name === whole || name.startsWith(`${whole}_`);
}

/** Curves that share an axis: the loss with the losses of the scales, every other quantity by itself, by name. Pure. */
export function groupCurves(curves: Curve[]): Curve[][] {
  const byName = curves
    .filter(([, points]) => points.length > 0)
    .sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }));
  const losses = byName.filter(([name]) => isPartOf('loss', name));
  const others = byName.filter(([name]) => !isPartOf('loss', name)).map((curve) => [curve]);
  return losses.length > 0 ? [losses, ...others] : others;
}
