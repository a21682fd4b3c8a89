import { artifactUrl } from '../../api/artifacts';
import type { JobDetail } from '../../api/types';
import { Hash } from '../../components/hash';
import { formatBytes, formatMetric } from '../../format/numbers';

/** What the job gave: numbers, then files. */
export function ArtifactsCard({ detail }: { detail: JobDetail }) {
  // Those with a dot in their name are one of many, for tables and figures.
  const metrics = Object.entries(detail.result?.metrics ?? {}).filter(([name]) => !name.includes('.'));
  const empty = metrics.length === 0 && detail.artifacts.length === 0;
  return (
    <section class="card" aria-labelledby="outputs-title">
      <div class="card-head">
        <h2 id="outputs-title">Outputs</h2>
      </div>
      {empty && <p class="muted">Nothing yet.</p>}
      <div class="stack">
        {metrics.length > 0 && (
          <dl class="facts">
            {metrics.map(([name, value]) => (
              <div key={name} style={{ display: 'contents' }}>
                <dt>{name.replaceAll('_', ' ')}</dt>
                <dd>{formatMetric(value)}</dd>
              </div>
            ))}
          </dl>
        )}
        <ul class="plain stack">
          {detail.artifacts.map((artifact) => (
            <li key={artifact.name} class="row">
              <a href={artifactUrl(artifact)} download>
                {artifact.name}
              </a>
              <span class="muted small">{formatBytes(artifact.bytes)}</span>
              <Hash value={artifact.sha256} />
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}
