import type { Study } from '../../api/types';
import { Ago, Took } from '../../components/ago';
import { StateBadge } from '../../components/state_badge';
import { StateBar } from '../../components/state_bar';
import { formatCount, formatPercent } from '../../format/numbers';
import { formatDateTime } from '../../format/times';
import { isOver } from '../../store/derive';
import { Eta } from './eta';
import { ForecastLine } from './forecast';
import { StudyActions } from './study_actions';

export function StudyHead({ study }: { study: Study }) {
  const { jobs, points } = study;
  return (
    <>
      <div class="page-head">
        <div>
          <nav class="crumbs" aria-label="Breadcrumb">
            <a href="/">Studies</a> <span aria-hidden="true">/</span> <span>{study.name}</span>
          </nav>
          <h1>{study.title || study.name}</h1>
          <p class="muted small row">
            <StateBadge state={study.state} />
            {study.paused && !isOver(study.state) && <StateBadge state="paused" />}
            {study.archived_at && <StateBadge state="archived" />}
            <span>
              submitted <Ago time={study.created_at} />
            </span>
            {study.priority !== 0 && <span>priority {study.priority}</span>}
            {study.deadline && <span>deadline {formatDateTime(study.deadline)}</span>}
            {study.finished_at && (
              <span>
                took <Took from={study.created_at} to={study.finished_at} />
              </span>
            )}
          </p>
        </div>
        <StudyActions study={study} />
      </div>
      {study.notice && (
        <p class="notice warning" role="status">
          {study.notice}
        </p>
      )}
      <section class="card stack" aria-label="Progress">
        <div class="row" style={{ justifyContent: 'space-between' }}>
          <span>
            <span class="big">{formatPercent(jobs.succeeded, jobs.total)}</span>{' '}
            <span class="muted">of {formatCount(jobs.total)} jobs</span>
          </span>
          <span class="muted small row">
            {points.total > 0 && (
              <span>
                {formatCount(points.done)} of {formatCount(points.total)} points measured
              </span>
            )}
            <Eta study={study} />
          </span>
        </div>
        <StateBar jobs={jobs} label={`Jobs of ${study.name}`} />
        <ForecastLine study={study} />
      </section>
    </>
  );
}
