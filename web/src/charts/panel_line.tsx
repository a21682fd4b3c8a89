import { ratioName } from '../format/names';
import { formatMeasured } from '../format/numbers';
import type { FigurePoint } from '../api/types';
import type { Line, Mark, Metric } from './figure_model';
import { markerPath, seriesColour, seriesDash } from './markers';
import type { Place } from './navigate';
import type { Scales } from './panel_scales';

interface PanelLineProps {
  line: Line;
  index: number;
  metric: Metric;
  scales: Scales;
  faded: boolean;
  stop: Place;
  active: FigurePoint | null;
  onKey: (event: KeyboardEvent, from: Place) => void;
  onShow: (mark: Mark, line: Line, element: Element) => void;
  onHide: () => void;
}

function describe(mark: Mark, metric: Metric): string {
  const name = metric === 'fid' ? 'FID' : 'inception score';
  const { row } = mark;
  return (
    `Ratio ${ratioName(row.ratio)}, ${row.steps_per_scale} steps per scale, ${row.total_steps} in total: ` +
    `${name} ${formatMeasured(mark.y, mark.error)}, guidance ${row.guidance}, N ${row.n}, seed ${row.seed}, ` +
    `network ${row.network_sha256.slice(0, 10)}, reference ${row.reference_sha256.slice(0, 10)}, ` +
    `evaluator ${row.evaluator_version}, code ${row.code_version}, ${row.precision}`
  );
}

export function PanelLine(props: PanelLineProps) {
  const { line, index, metric, scales, stop } = props;
  const colour = seriesColour(line.series);
  const path = line.marks.map((mark) => `${scales.x(mark.x)},${scales.y(mark.y)}`).join('L');
  const dash = line.variant > 0 ? '3 4' : seriesDash(line.series);
  return (
    <g class={props.faded ? 'faded' : undefined} data-ratio={line.ratio} style={{ color: colour }}>
      {line.marks.length > 1 && (
        <path class="series-line" d={`M${path}`} stroke={colour} stroke-dasharray={dash} aria-hidden="true" />
      )}
      {line.marks.map((mark, place) => (
        <g
          key={mark.row.score_key}
          class={mark.row === props.active ? 'mark active' : 'mark'}
          role="img"
          aria-label={describe(mark, metric)}
          data-place={`${index}/${place}`}
          tabIndex={stop.line === index && stop.mark === place ? 0 : -1}
          transform={`translate(${scales.x(mark.x)} ${scales.y(mark.y)})`}
          onKeyDown={(event) => props.onKey(event, { line: index, mark: place })}
          onFocus={(event) => props.onShow(mark, line, event.currentTarget)}
          onBlur={props.onHide}
        >
          <ErrorBar mark={mark} scales={scales} colour={colour} />
          <circle class="halo" r="11" />
          <path class="symbol" d={markerPath(line.series, 5)} fill={colour} />
        </g>
      ))}
    </g>
  );
}

function ErrorBar({ mark, scales, colour }: { mark: Mark; scales: Scales; colour: string }) {
  if (!mark.error) return null;
  const reach = Math.abs(scales.y(mark.y + mark.error) - scales.y(mark.y));
  return <path class="error-bar" d={`M0,${-reach}V${reach}M-4,${-reach}H4M-4,${reach}H4`} stroke={colour} />;
}
