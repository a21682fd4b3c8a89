/** Marks that differ in shape as well as colour, so that series are told apart without colour. Pure. */

const kShapes: ((r: number) => string)[] = [
  (r) => `M${-r},0a${r},${r} 0 1,0 ${2 * r},0a${r},${r} 0 1,0 ${-2 * r},0Z`,
  (r) => `M${-r * 0.9},${-r * 0.9}h${r * 1.8}v${r * 1.8}h${-r * 1.8}Z`,
  (r) => `M0,${-r * 1.2}L${r * 1.15},${r * 0.85}H${-r * 1.15}Z`,
  (r) => `M0,${-r * 1.3}L${r * 1.1},0L0,${r * 1.3}L${-r * 1.1},0Z`,
  (r) => `M0,${r * 1.2}L${r * 1.15},${-r * 0.85}H${-r * 1.15}Z`,
  (r) => {
    const a = r * 0.42;
    const b = r * 1.15;
    return `M${-a},${-b}H${a}V${-a}H${b}V${a}H${a}V${b}H${-a}V${a}H${-b}V${-a}H${-a}Z`;
  },
];

const kDashes = ['', '6 3', '2 3', '8 3 2 3', '4 2', '1 2'];

/** Path of the mark of series `index`, centred at 0,0, about `radius` pixels. */
export function markerPath(index: number, radius: number): string {
  const shape = kShapes[index % kShapes.length] as (r: number) => string;
  return shape(radius);
}

export function seriesColour(index: number): string {
  return `var(--series-${(index % 6) + 1})`;
}

/** More than six series repeat colours, with another line style. */
export function seriesDash(index: number): string {
  return kDashes[Math.floor(index / 6) % kDashes.length] ?? '';
}
