import { get } from '../../api/client';
import type { Study } from '../../api/types';
import { forecastText } from '../../format/forecast';
import { useLoad } from '../../hooks/use_load';
import { isOver } from '../../store/derive';

/** Time and GPU-hours left; reckoned anew after every twentieth part of the study. */
export function ForecastLine({ study }: { study: Study }) {
  const part = Math.floor((20 * study.jobs.succeeded) / Math.max(1, study.jobs.total));
  const key = isOver(study.state) ? null : `${study.id}/${study.jobs.total}/${part}`;
  const loaded = useLoad(`forecast/${study.id}`, key, (signal) =>
    get('/api/v1/studies/{study}/forecast', { study: study.id }, signal),
  );
  const text = key !== null && loaded.value ? forecastText(loaded.value) : '';
  return text ? <p class="muted small">Forecast: {text}.</p> : null;
}
