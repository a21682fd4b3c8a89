import { get } from '../../api/client';
import { ChartFrame } from '../../components/chart_frame';
import { ProblemNotice } from '../../components/notice';
import { formatMetric } from '../../format/numbers';
import { useLazy } from '../../hooks/use_lazy';
import { useLoad } from '../../hooks/use_load';
import { useDispatch, useStore } from '../../hooks/use_store';

const loadChart = () => import('../../charts/curve_chart');

/** The loss, the losses of the scales from small to large, then the rest by name. The chart's axis is that of the first. */
function rank(name: string) {
  if (name === 'loss') return 0;
  return name.startsWith('loss_') ? 1 : 2;
}

function lossFirst([a]: [string, number[][]], [b]: [string, number[][]]) {
  return rank(a) - rank(b) || a.localeCompare(b, 'en', { numeric: true });
}

export function CurveCard({ jobKey }: { jobKey: string }) {
  const dispatch = useDispatch();
  const { module: chart, failed } = useLazy(loadChart);
  const loaded = useLoad(`curves/${jobKey}`, jobKey, async (signal) => {
    const { series } = await get('/api/v1/jobs/{key}/curves', { key: jobKey }, signal);
    dispatch({ type: 'curves', key: jobKey, series });
    return true;
  });
  const curves = useStore((state) => state.curves[jobKey]);
  const lines = Object.entries(curves ?? {})
    .filter(([, points]) => points.length > 0)
    .sort(lossFirst);

  return (
    <section class="card" aria-labelledby="curve-title">
      <div class="card-head">
        <h2 id="curve-title">Training curve</h2>
        <span class="muted small row">
          {lines.map(([name, points]) => (
            <span key={name} data-curve={name} data-points={points.length}>
              {name.replaceAll('_', ' ')} <strong>{formatMetric(points.at(-1)?.[1] ?? 0)}</strong> at step{' '}
              {points.at(-1)?.[0]}
            </span>
          ))}
        </span>
      </div>
      {loaded.problem && <ProblemNotice problem={loaded.problem} retry={loaded.reload} />}
      {lines.length === 0 && !loaded.problem && <p class="muted">No point yet.</p>}
      {lines.length > 0 && (chart ? <chart.CurveChart curves={lines} /> : <ChartFrame failed={failed} />)}
    </section>
  );
}
