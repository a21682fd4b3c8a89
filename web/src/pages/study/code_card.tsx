import { get } from '../../api/client';
import { ProblemNotice } from '../../components/notice';
import { ratioName } from '../../format/names';
import { formatCount } from '../../format/numbers';
import { useLoad } from '../../hooks/use_load';

/** Which code versions made the results: shown where there is more than one, or the study is pinned. */
export function CodeCard({ study, done }: { study: string; done: number }) {
  const loaded = useLoad(`code/${study}`, String(done), (signal) =>
    get('/api/v1/studies/{study}/code', { study }, signal),
  );
  if (loaded.problem) return <ProblemNotice problem={loaded.problem} retry={loaded.reload} />;
  const code = loaded.value;
  if (!code || (code.versions.length < 2 && code.pinned === null)) return null;
  return (
    <section class="card" aria-labelledby="code-title">
      <div class="card-head">
        <h2 id="code-title">Code versions</h2>
        {code.pinned !== null && (
          <span class="muted small">
            pinned to <code>{code.pinned}</code>
          </span>
        )}
      </div>
      {code.mixed_curves.map((curve) => (
        <p key={`${curve.ratio}/${curve.model_key}`} class="notice warning">
          The curve of ratio {ratioName(curve.ratio)} mixes {curve.code_versions.join(' and ')}.
        </p>
      ))}
      <ul class="plain">
        {code.versions.map((version) => (
          <li key={version.code_version}>
            <code>{version.code_version}</code>{' '}
            <span class="muted">
              {formatCount(version.results)} results, {formatCount(version.points)} points
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
