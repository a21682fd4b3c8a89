import { useState } from 'preact/hooks';
import { get } from '../../api/client';
import type { Point } from '../../api/types';
import type { Across } from '../../charts/figure_model';
import { figureAt, mixedFields, withAllRatios } from '../../charts/figure_model';
import { ChartFrame } from '../../components/chart_frame';
import { Choice } from '../../components/choice';
import { ProblemNotice } from '../../components/notice';
import { Select } from '../../components/select';
import { ratioName } from '../../format/names';
import { formatPlain } from '../../format/numbers';
import { useLazy } from '../../hooks/use_lazy';
import { useLoad } from '../../hooks/use_load';
import { useStore } from '../../hooks/use_store';
import { useThrottled } from '../../hooks/use_time';

const kAcross = [
  { value: 'steps_per_scale', name: 'Steps per scale' },
  { value: 'total_steps', name: 'Total steps' },
] as const;
const kBest = 'best';
const kNoPoints: Record<string, Point> = {};
const loadFigure = () => import('../../charts/figure');

/** The study's figure; it is loaded anew, at most once a second, as points are measured. */
export function FigureCard({ study, ratios }: { study: string; ratios: string[] }) {
  const [across, setAcross] = useState<Across>('steps_per_scale');
  const [guidance, setGuidance] = useState(kBest);
  const changes = useThrottled(
    useStore((state) => state.pointChanges[study] ?? 0),
    1000,
  );
  const points = Object.values(useStore((state) => state.points[study] ?? kNoPoints));
  const { module: chart, failed } = useLazy(loadFigure);
  const loaded = useLoad(`figure/${study}`, String(changes), (signal) =>
    get('/api/v1/studies/{study}/figure', { study }, signal),
  );
  const guidances = [...new Set(points.map((point) => point.guidance))].sort((a, b) => a - b);
  const best = withAllRatios(loaded.value ?? { series: [] }, ratios, ratioName);
  const figure = guidance === kBest ? best : figureAt(Number(guidance), best, points);
  const mixed = mixedFields(figure);

  return (
    <section class="card" aria-labelledby="figure-title">
      <div class="card-head">
        <h2 id="figure-title">Quality against steps</h2>
        <div class="row">
          <Select
            label="Guidance"
            value={guidance}
            onChange={setGuidance}
            options={[
              { value: kBest, name: 'best by FID' },
              ...guidances.map((value) => ({
                value: String(value),
                name: value === 0 ? '0 (none)' : formatPlain(value),
              })),
            ]}
          />
          <Choice label="Horizontal axis" options={kAcross} value={across} onChange={setAcross} />
        </div>
      </div>
      {loaded.problem && <ProblemNotice problem={loaded.problem} retry={loaded.reload} />}
      {mixed.length > 0 && (
        <p class="notice warning">
          These numbers differ in {mixed.join(', ').replaceAll('_', ' ')}, so they do not compare. Each
          identity has its own line.
        </p>
      )}
      {chart ? <chart.Figure figure={figure} across={across} /> : <ChartFrame failed={failed} />}
    </section>
  );
}
