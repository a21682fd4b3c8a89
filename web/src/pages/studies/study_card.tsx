import type { Study } from '../../api/types';
import { Ago } from '../../components/ago';
import { StateBadge } from '../../components/state_badge';
import { StateBar } from '../../components/state_bar';
import { formatCount, formatPercent } from '../../format/numbers';
import { hrefs } from '../../router';
import { isOver } from '../../store/derive';
import { Eta } from '../study/eta';

export function StudyCard({ study }: { study: Study }) {
  const { jobs, points } = study;
  return (
    <article class="card study-card">
      <div class="figure-line">
        <div>
          <h2>
            <a href={hrefs.study(study.id)}>{study.title || study.name}</a>
          </h2>
          <p class="muted small">
            {study.name} · <Ago time={study.created_at} />
          </p>
        </div>
        <div class="card-side">
          <StateBadge state={study.paused && !isOver(study.state) ? 'paused' : study.state} />
          <span class="muted small">
            <Eta study={study} />
          </span>
        </div>
      </div>
      <StateBar jobs={jobs} label={`Jobs of ${study.name}`}>
        <strong>{formatPercent(jobs.succeeded, jobs.total)}</strong> of {formatCount(jobs.total)} jobs
        {points.total > 0 && `, ${formatCount(points.done)} of ${formatCount(points.total)} points`}
      </StateBar>
    </article>
  );
}
