import { get } from '../../api/client';
import type { Point } from '../../api/types';
import { DataTable, type Column } from '../../components/data_table';
import { Hash } from '../../components/hash';
import { ProblemNotice } from '../../components/notice';
import { StateBadge } from '../../components/state_badge';
import { guidanceName, ratioName } from '../../format/names';
import { formatCount, formatMeasured } from '../../format/numbers';
import { useLoad } from '../../hooks/use_load';
import { useStore, useTake } from '../../hooks/use_store';
import { hrefs } from '../../router';
import { stateRank } from '../../store/derive';

const kColumns: Column<Point>[] = [
  {
    name: 'Ratio',
    sort: (point) => point.ratio_value ?? Infinity,
    cell: (point) => <a href={hrefs.job(point.score_key)}>{ratioName(point.ratio)}</a>,
  },
  {
    name: 'Steps per scale',
    numeric: true,
    sort: (point) => point.steps_per_scale,
    cell: (point) => point.steps_per_scale,
  },
  {
    name: 'Total steps',
    numeric: true,
    sort: (point) => point.total_steps,
    cell: (point) => point.total_steps,
  },
  {
    name: 'Guidance',
    numeric: true,
    sort: (point) => point.guidance,
    cell: (point) => guidanceName(point.guidance),
  },
  {
    name: 'FID',
    numeric: true,
    sort: (point) => point.fid,
    cell: (point) => formatMeasured(point.fid, point.fid_uncertainty),
  },
  {
    name: 'Inception score',
    numeric: true,
    sort: (point) => point.inception_score,
    cell: (point) => formatMeasured(point.inception_score, point.inception_score_uncertainty),
  },
  { name: 'N', numeric: true, sort: (point) => point.n, cell: (point) => formatCount(point.n) },
  { name: 'Seed', numeric: true, sort: (point) => point.seed, cell: (point) => point.seed },
  {
    name: 'Network',
    cell: (point) => point.identity && <Hash value={point.identity.network_sha256} length={8} />,
  },
  {
    name: 'State',
    sort: (point) => stateRank(point.state),
    cell: (point) => <StateBadge state={point.state} />,
  },
];

const kPage = 24;
const kNone: Record<string, Point> = {};

/** Every point with its numbers: what the figure shows, for reading, sorting and screen readers. */
export function PointsTable({ study }: { study: string }) {
  const take = useTake();
  const loaded = useLoad(`points/${study}`, study, async (signal) => {
    const { items } = await take(get('/api/v1/studies/{study}/points', { study }, signal), ({ items }) => ({
      type: 'points',
      study,
      items,
    }));
    return items.length;
  });
  const points = Object.values(useStore((state) => state.points[study] ?? kNone));

  return (
    <section class="card" aria-labelledby="points-title">
      <div class="card-head">
        <h2 id="points-title">Points</h2>
        <span class="muted small">{formatCount(points.length)} in the study</span>
      </div>
      {loaded.problem && <ProblemNotice problem={loaded.problem} retry={loaded.reload} />}
      {points.length > 0 && (
        <DataTable
          caption="Points of the study"
          columns={kColumns}
          rows={points}
          pageSize={kPage}
          rowKey={(point) => point.score_key}
        />
      )}
    </section>
  );
}
