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
