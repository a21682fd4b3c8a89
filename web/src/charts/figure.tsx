import { useRef, useState } from 'preact/hooks';
import type { Figure as FigureData } from '../api/types';
import { buildLines, type Across, type Line, type Mark, type Metric } from './figure_model';
import { IdentityCard } from './identity_card';
import { Panel } from './panel';
import { Swatch } from './swatch';

const kMetrics: Metric[] = ['fid', 'inception_score'];
const kCardWidth = 320;

interface Shown {
  mark: Mark;
  line: Line;
  left: number;
  top: number;
}

/** Beside the mark, on the side with room, inside the figure. */
function placeCard(mark: DOMRect, figure: DOMRect): { left: number; top: number } {
  const x = mark.left + mark.width / 2 - figure.left;
  const right = x + 18;
  const left = right + kCardWidth <= figure.width ? right : Math.max(0, x - 18 - kCardWidth);
  return { left, top: mark.top - figure.top - 24 };
}

/** FID and inception score against steps, one line per ratio, with what each number depends on. */
export function Figure({ figure, across }: { figure: FigureData; across: Across }) {
  const box = useRef<HTMLDivElement>(null);
  const [shown, setShown] = useState<Shown | null>(null);
  const [ratio, setRatio] = useState<string | null>(null);

  const show = (mark: Mark, line: Line, element: Element) => {
    if (!box.current || shown?.mark === mark) return;
    setShown({
      mark,
      line,
      ...placeCard(element.getBoundingClientRect(), box.current.getBoundingClientRect()),
    });
  };

  return (
    <div class="figure" ref={box}>
      <ul class="series-legend" aria-label="Scale ratios">
        {figure.series.map((series, index) => (
          <li
            key={series.ratio}
            data-legend={series.ratio}
            onPointerEnter={() => setRatio(series.ratio)}
            onPointerLeave={() => setRatio(null)}
          >
            <Swatch series={index} /> {series.label}
            {series.points.length === 0 && <span class="muted small">not yet</span>}
          </li>
        ))}
      </ul>
      <div class="panels">
        {kMetrics.map((metric) => (
          <Panel
            key={metric}
            lines={buildLines(figure, metric, across)}
            metric={metric}
            across={across}
            faded={(line) => ratio !== null && line.ratio !== ratio}
            active={shown?.mark.row ?? null}
            onShow={show}
            onHide={() => setShown(null)}
          />
        ))}
      </div>
      {shown && (
        <IdentityCard row={shown.mark.row} series={shown.line.series} left={shown.left} top={shown.top} />
      )}
    </div>
  );
}
