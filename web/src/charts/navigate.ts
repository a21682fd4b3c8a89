/** Keyboard movement between the marks of a chart. Pure. */

export interface Place {
  line: number;
  mark: number;
}

/** `xs[line][mark]` are the marks' places on the x axis. Null: the key means nothing here. */
export function moveFocus(xs: number[][], from: Place, key: string): Place | null {
  const line = xs[from.line] ?? [];
  const last = line.length - 1;
  switch (key) {
    case 'ArrowRight':
      return { ...from, mark: Math.min(last, from.mark + 1) };
    case 'ArrowLeft':
      return { ...from, mark: Math.max(0, from.mark - 1) };
    case 'Home':
      return { ...from, mark: 0 };
    case 'End':
      return { ...from, mark: last };
    case 'ArrowDown':
      return otherLine(xs, from, 1);
    case 'ArrowUp':
      return otherLine(xs, from, -1);
    default:
      return null;
  }
}

/** The next line that has marks, round about, at its mark nearest in x. */
function otherLine(xs: number[][], from: Place, step: 1 | -1): Place {
  const x = xs[from.line]?.[from.mark] ?? 0;
  for (let offset = 1; offset <= xs.length; offset += 1) {
    const line = (from.line + step * offset + xs.length * offset) % xs.length;
    const marks = xs[line] ?? [];
    if (marks.length > 0) return { line, mark: nearest(marks, x) };
  }
  return from;
}

function nearest(values: number[], x: number): number {
  return values.reduce(
    (best, value, index) => (Math.abs(value - x) < Math.abs((values[best] ?? 0) - x) ? index : best),
    0,
  );
}
