import { useEffect, useRef } from 'preact/hooks';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useThemeColours } from '../hooks/use_theme_colours';
import { useWidth } from '../hooks/use_width';
import { type Curve, toColumns } from './curve_data';

const kHeight = 260;
const kSmallHeight = 130;
const kDashes = [[], [6, 3], [2, 3], [8, 3, 2, 3]];
const kNames = ['--muted', '--line', '--series-1', '--series-2', '--series-3', '--series-4'] as const;

type Colours = Record<(typeof kNames)[number], string>;

function options(names: string[], width: number, height: number, colours: Colours): UPlot.Options {
  const axis = {
    stroke: colours['--muted'],
    grid: { stroke: colours['--line'], width: 1 },
    ticks: { stroke: colours['--line'], width: 1 },
    font: '12px system-ui, sans-serif',
  };
  const series = names.map((name, index) => ({
    label: name,
    stroke: colours[kNames[2 + (index % 4)] ?? '--series-1'],
    width: 1.75,
    dash: kDashes[index % kDashes.length] ?? [],
    spanGaps: true,
    points: { show: false },
  }));
  return {
    width,
    height,
    scales: { x: { time: false } },
    axes: [height === kHeight ? { ...axis, label: 'step', labelSize: 20 } : axis, { ...axis, size: 56 }],
    series: [{ label: 'step' }, ...series],
    legend: { show: names.length > 1, live: true },
    cursor: { y: false },
  };
}

/** Training curves on one axis; the newest point is also told in words, for those who do not see the canvas. */
export function CurveChart({ curves, small = false }: { curves: Curve[]; small?: boolean }) {
  const height = small ? kSmallHeight : kHeight;
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot | null>(null);
  const width = useWidth(box, 320);
  const colours = useThemeColours(kNames);
  const names = curves.map(([name]) => name).join('\n');
  const latest = useRef(curves);
  latest.current = curves;

  useEffect(() => {
    if (!box.current) return undefined;
    const data = toColumns(latest.current.map(([, points]) => points));
    const made = new UPlot(
      options(names.split('\n'), 320, height, colours),
      data as UPlot.AlignedData,
      box.current,
    );
    plot.current = made;
    return () => {
      plot.current = null;
      made.destroy();
    };
  }, [names, height, colours]);

  useEffect(() => {
    plot.current?.setSize({ width, height });
  }, [width, names, height, colours]);

  useEffect(() => {
    plot.current?.setData(toColumns(curves.map(([, points]) => points)) as UPlot.AlignedData);
  }, [curves]);

  return (
    <div
      class="curve"
      ref={box}
      role="img"
      aria-label={`${curves.map(([name]) => name).join(', ')} against steps`}
    />
  );
}
