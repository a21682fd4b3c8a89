/** Which mark the pointer means: the nearest one within reach, so that marks that lie close are told apart. Pure. */
import type { Line } from './figure_model';
import type { Place } from './navigate';
import type { Scales } from './panel_scales';

const kReach = 28;

export function nearestMark(lines: Line[], scales: Scales, x: number, y: number): Place | null {
  let best: Place | null = null;
  let least = kReach ** 2;
  lines.forEach((line, index) =>
    line.marks.forEach((mark, place) => {
      const distance = (scales.x(mark.x) - x) ** 2 + (scales.y(mark.y) - y) ** 2;
      if (distance >= least) return;
      least = distance;
      best = { line: index, mark: place };
    }),
  );
  return best;
}
