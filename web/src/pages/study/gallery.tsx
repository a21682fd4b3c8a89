import { artifactUrl, isPicture } from '../../api/artifacts';
import { get } from '../../api/client';
import type { JobDetail, Study } from '../../api/types';
import { useLoad } from '../../hooks/use_load';
import { hrefs } from '../../router';

const kMost = 12;

/** Sample grids of the study's models. Loaded anew when another grid is done. */
export function Gallery({ study }: { study: Study }) {
  const stage = study.stages.find(({ kind }) => kind === 'sample_grid');
  const done = stage?.done ?? 0;
  const loaded = useLoad(`gallery/${study.id}`, done > 0 ? String(done) : null, async (signal) => {
    const query = { study: study.id, kind: 'sample_grid', state: 'succeeded', limit: kMost };
    const { items } = await get('/api/v1/jobs', query, signal);
    return Promise.all(items.map((job) => get('/api/v1/jobs/{key}', { key: job.key }, signal)));
  });
  if (!loaded.value || loaded.value.length === 0) return null;
  return (
    <section class="card" aria-labelledby="gallery-title">
      <div class="card-head">
        <h2 id="gallery-title">Samples</h2>
      </div>
      <ul class="gallery">
        {loaded.value.map((job) => (
          <Grid key={job.key} job={job} />
        ))}
      </ul>
    </section>
  );
}

function Grid({ job }: { job: JobDetail }) {
  const picture = job.artifacts.find(isPicture);
  if (!picture) return null;
  return (
    <li>
      <a href={hrefs.job(job.key)}>
        <img class="sample" src={artifactUrl(picture)} alt="" loading="lazy" />
        <span>{job.label || 'Sample grid'}</span>
      </a>
    </li>
  );
}
