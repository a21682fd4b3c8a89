import type { FigurePoint } from '../api/types';
import { Hash } from '../components/hash';
import { guidanceName, ratioName } from '../format/names';
import { formatCount, formatMeasured } from '../format/numbers';
import { Swatch } from './swatch';

interface IdentityCardProps {
  row: FigurePoint;
  series: number;
  left: number;
  top: number;
}

/** The numbers of a point and everything that they depend on. */
export function IdentityCard({ row, series, left, top }: IdentityCardProps) {
  const facts: [string, preact.ComponentChildren][] = [
    ['FID', <strong>{formatMeasured(row.fid, row.fid_uncertainty)}</strong>],
    [
      'Inception score',
      <strong>{formatMeasured(row.inception_score, row.inception_score_uncertainty)}</strong>,
    ],
    ['Steps', `${row.steps_per_scale} per scale, ${row.total_steps} in total`],
    ['Guidance', guidanceName(row.guidance)],
    ['N, seed', `${formatCount(row.n)}, ${row.seed}`],
    ['Network', <Hash value={row.network_sha256} />],
    ['Reference', <Hash value={row.reference_sha256} />],
    ['Evaluator', row.evaluator_version],
    ['Code', row.code_version],
    ['Precision', row.precision],
  ];
  return (
    <div class="identity" role="tooltip" style={{ left: `${left}px`, top: `${top}px` }}>
      <div class="identity-title">
        <Swatch series={series} /> Ratio {ratioName(row.ratio)}
      </div>
      <dl class="facts">
        {facts.map(([name, value]) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
