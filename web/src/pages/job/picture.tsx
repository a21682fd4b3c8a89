import { artifactUrl, isPicture } from '../../api/artifacts';
import type { JobDetail } from '../../api/types';

export function Picture({ job }: { job: JobDetail }) {
  const picture = job.artifacts.find(isPicture);
  if (!picture) return null;
  return (
    <section class="card" aria-labelledby="picture-title">
      <div class="card-head">
        <h2 id="picture-title">Samples</h2>
        <a href={artifactUrl(picture)} download={`${job.key.slice(0, 10)}.png`}>
          Download PNG
        </a>
      </div>
      <img class="sample" src={artifactUrl(picture)} alt={`Samples: ${job.label || 'one row per class'}`} />
    </section>
  );
}
