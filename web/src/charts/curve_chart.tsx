import { useEffect, useRef } from 'preact/hooks';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useThemeColours } from '../hooks/use_theme_colours';
import { useWidth } from '../hooks/use_width';
import { toColumns } from './curve_data';

const kHeight = 260;
const kDashes = [[], [6, 3], [2, 3], [8, 3, 2, 3]];
const kNames = ['--muted', '--line', '--series-1', '--series-2', '--series-3', '--series-4'] as const;

type Colours = Record<(typeof kNames)[number], string>;

function options(names: string[], width: number, colours: Colours): UPlot.Options {
  const axis = {
    stroke: colours['--muted'],
    grid: { stroke: colours['--line'], width: 1 },
    ticks: { stroke: colours['--line'], width: 1 },
    font: '12px system-ui, sans-serif',
  };
  const series = names.map((name, index) => ({
    label: name,
    // The axis is that of the first series and of its parts (loss, loss_4x4); the others differ by powers of ten and show
    // their course only.
    scale: index === 0 || name.startsWith(`${names[0] ?? ''}_`) ? 'y' : name,
    stroke: colours[kNames[2 + (index % 4)] ?? '--series-1'],
    width: 1.75,
    dash: kDashes[index % kDashes.length] ?? [],
    spanGaps: true,
    points: { show: false },
  }));
  return {
    width,
    height: kHeight,
    scales: { x: { time: false } },
    axes: [
      { ...axis, label: 'step', labelSize: 20 },
      { ...axis, size: 56 },
    ],
    series: [{ label: 'step' }, ...series],
    legend: { live: true },
    cursor: { y: false },
  };
}

/** Training curves; the newest point is also told in words above, for those who do not see the canvas. */
export function CurveChart({ curves }: { curves: [string, number[][]][] }) {
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
    const made = new UPlot(options(names.split('\n'), 320, colours), data as UPlot.AlignedData, box.current);
    plot.current = made;
    return () => {
      plot.current = null;
      made.destroy();
    };
  }, [names, colours]);

  useEffect(() => {
    plot.current?.setSize({ width, height: kHeight });
  }, [width, names, colours]);

  useEffect(() => {
    plot.current?.setData(toColumns(curves.map(([, points]) => points)) as UPlot.AlignedData);
  }, [curves]);

  return <div class="curve" ref={box} role="img" aria-label="Training curves against steps" />;
}
