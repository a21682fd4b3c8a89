/** A study's forecast as people read it. Pure. */
import type { Forecast } from '../api/types';
import { kindName } from './names';
import { formatRoughly } from './times';

type Range = Forecast['worker_seconds'];

function timeRange(range: Range): string {
  return `${formatRoughly(range.likely)} (${formatRoughly(range.low)} to ${formatRoughly(range.high)})`;
}

function hours(seconds: number): string {
  return String(Number((seconds / 3600).toPrecision(2)));
}

/** Empty when nothing is left or nothing is known. */
export function forecastText(forecast: Forecast): string {
  if (forecast.jobs === 0 || forecast.worker_seconds.likely <= 0) return '';
  const { wall_seconds: wall, gpu_seconds: gpu, slots } = forecast;
  const time = wall
    ? `${timeRange(wall)} left with ${slots} ${slots === 1 ? 'slot' : 'slots'}`
    : `${timeRange(forecast.worker_seconds)} of work left, no worker is online`;
  const gpuTime =
    gpu.likely > 0 ? `, ${hours(gpu.likely)} GPU-hours (${hours(gpu.low)} to ${hours(gpu.high)})` : '';
  const unknown = forecast.stages.filter((stage) => stage.seconds === null).map(({ kind }) => kindName(kind));
  return time + gpuTime + (unknown.length > 0 ? `; not measured yet: ${unknown.join(', ')}` : '');
}
