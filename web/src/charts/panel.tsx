import { useRef, useState } from 'preact/hooks';
import type { FigurePoint } from '../api/types';
import { formatPlain } from '../format/numbers';
import { useWidth } from '../hooks/use_width';
import type { Across, Line, Mark, Metric } from './figure_model';
import { nearestMark } from './nearest';
import { moveFocus, type Place } from './navigate';
import { PanelLine } from './panel_line';
import { panelScales, kMargin } from './panel_scales';

const kNames: Record<Metric, { title: string; better: string }> = {
  fid: { title: 'FID', better: 'lower is better' },
  inception_score: { title: 'Inception score', better: 'higher is better' },
};
export const kAcross: Record<Across, string> = {
  steps_per_scale: 'steps per scale',
  total_steps: 'total steps',
};

interface PanelProps {
  lines: Line[];
  metric: Metric;
  across: Across;
  faded: (line: Line) => boolean;
  active: FigurePoint | null;
  onShow: (mark: Mark, line: Line, element: Element) => void;
  onHide: () => void;
}

/** One metric against steps. One tab stop; arrow keys move between the marks. */
export function Panel({ lines, metric, across, faded, active, onShow, onHide }: PanelProps) {
  const box = useRef<HTMLElement>(null);
  const width = useWidth(box, 480);
  const height = Math.round(Math.min(320, Math.max(230, width * 0.58)));
  const [place, setPlace] = useState<Place>({ line: 0, mark: 0 });
  const scales = panelScales(lines, width, height);
  const xs = lines.map((line) => line.marks.map((mark) => mark.x));
  const stop = lines[place.line]?.marks[place.mark]
    ? place
    : { line: xs.findIndex((l) => l.length > 0), mark: 0 };

  const handleKey = (event: KeyboardEvent, from: Place) => {
    if (event.key === 'Escape') onHide();
    const next = moveFocus(xs, from, event.key);
    if (!next) return;
    event.preventDefault();
    setPlace(next);
    box.current?.querySelector<SVGGElement>(`[data-place="${next.line}/${next.mark}"]`)?.focus();
  };

  const handlePointer = (event: PointerEvent) => {
    const svg = event.currentTarget as SVGSVGElement;
    const frame = svg.getBoundingClientRect();
    const found = nearestMark(lines, scales, event.clientX - frame.left, event.clientY - frame.top);
    const line = found && lines[found.line];
    const mark = found && line?.marks[found.mark];
    const element = found && svg.querySelector(`[data-place="${found.line}/${found.mark}"]`);
    if (line && mark && element) onShow(mark, line, element);
    else onHide();
  };

  const label = `${kNames[metric].title} against ${kAcross[across]}`;
  return (
    <figure class="panel" ref={box} data-metric={metric}>
      <h3>
        {kNames[metric].title} <span class="muted small">{kNames[metric].better}</span>
      </h3>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        width={width}
        height={height}
        role="group"
        aria-label={label}
        onPointerMove={handlePointer}
        onPointerDown={handlePointer}
        onPointerLeave={onHide}
      >
        <g aria-hidden="true">
          {scales.y.ticks.map((tick) => (
            <g key={tick} transform={`translate(0 ${scales.y(tick)})`}>
              <line class="grid-line" x1={kMargin.left} x2={width - kMargin.right} />
              <text class="axis-text" x={kMargin.left - 8} dy="0.32em" text-anchor="end">
                {formatPlain(tick)}
              </text>
            </g>
          ))}
          {scales.x.ticks.map((tick) => (
            <g key={tick} transform={`translate(${scales.x(tick)} ${height - kMargin.bottom})`}>
              <line class="axis-line" y2="5" />
              <text class="axis-text" y="19" text-anchor="middle">
                {formatPlain(tick)}
              </text>
            </g>
          ))}
          <line
            class="axis-line"
            x1={kMargin.left}
            x2={width - kMargin.right}
            y1={height - kMargin.bottom}
            y2={height - kMargin.bottom}
          />
          <text class="axis-text" x={(width + kMargin.left) / 2} y={height - 4} text-anchor="middle">
            {kAcross[across]}
          </text>
        </g>
        {lines.map((line, index) => (
          <PanelLine
            key={line.id}
            line={line}
            index={index}
            metric={metric}
            scales={scales}
            faded={faded(line)}
            stop={stop}
            active={active}
            onKey={handleKey}
            onShow={onShow}
            onHide={onHide}
          />
        ))}
      </svg>
    </figure>
  );
}
