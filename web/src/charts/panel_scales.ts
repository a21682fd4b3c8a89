import type { Line } from './figure_model';
import { extent, linearScale, logScale, type Scale } from './scales';

export const kMargin = { left: 46, right: 14, top: 10, bottom: 44 };

export interface Scales {
  x: Scale;
  y: Scale;
}

/** Axes that hold every mark with its error bar; with no mark yet, axes that look like what is to come. */
export function panelScales(lines: Line[], width: number, height: number): Scales {
  const marks = lines.flatMap((line) => line.marks);
  const xDomain = extent(marks.map((mark) => mark.x)) ?? [1, 16];
  const ends = marks.flatMap((mark) => [mark.y - (mark.error ?? 0), mark.y + (mark.error ?? 0)]);
  const yDomain = extent(ends) ?? [0, 10];
  return {
    x: logScale(xDomain, [kMargin.left, width - kMargin.right]),
    y: linearScale(yDomain, [height - kMargin.bottom, kMargin.top]),
  };
}
