import { get } from '../../api/client';
import { type Curve, groupCurves } from '../../charts/curve_data';
import { ChartFrame } from '../../components/chart_frame';
import { ProblemNotice } from '../../components/notice';
import { formatMetric } from '../../format/numbers';
import { useLazy } from '../../hooks/use_lazy';
import { useLoad } from '../../hooks/use_load';
import { useStore, useTake } from '../../hooks/use_store';

const loadChart = () => import('../../charts/curve_chart');

/** The newest points in words. */
function Latest({ curves }: { curves: Curve[] }) {
  return (
    <span class="muted small row">
      {curves.map(([name, points]) => (
        <span key={name} data-curve={name} data-points={points.length}>
          {name.replaceAll('_', ' ')} <strong>{formatMetric(points.at(-1)?.[1] ?? 0)}</strong> at step{' '}
          {points.at(-1)?.[0]}
        </span>
      ))}
    </span>
  );
}

/** Losses in one chart; below it a small one for each other quantity, whose units differ. */
export function CurveCard({ jobKey }: { jobKey: string }) {
  const take = useTake();
  const { module: chart, failed } = useLazy(loadChart);
  const loaded = useLoad(`curves/${jobKey}`, jobKey, async (signal) => {
    await take(get('/api/v1/jobs/{key}/curves', { key: jobKey }, signal), ({ series }) => ({
      type: 'curves',
      key: jobKey,
      series,
    }));
    return true;
  });
  const curves = useStore((state) => state.curves[jobKey]);
  const [first, ...others] = groupCurves(Object.entries(curves ?? {}));

  return (
    <section class="card" aria-labelledby="curve-title">
      <div class="card-head">
        <h2 id="curve-title">Training curve</h2>
        {first && <Latest curves={first} />}
      </div>
      {loaded.problem && <ProblemNotice problem={loaded.problem} retry={loaded.reload} />}
      {!first && !loaded.problem && <p class="muted">No point yet.</p>}
      {first && (chart ? <chart.CurveChart curves={first} /> : <ChartFrame failed={failed} />)}
      {chart && others.length > 0 && (
        <div class="curve-grid">
          {others.map((curve) => (
            <div key={curve[0]?.[0]}>
              <Latest curves={curve} />
              <chart.CurveChart curves={curve} small />
            </div>
          ))}
        </div>
      )}
    </section>
  );
}
