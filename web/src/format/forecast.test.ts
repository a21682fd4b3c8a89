import { describe, expect, it } from 'vitest';
import type { Forecast } from '../api/types';
import { forecastText } from './forecast';

const kRange = { low: 3600, likely: 7200, high: 10800 };
const kForecast: Forecast = {
  jobs: 3,
  complete: true,
  stages: [{ kind: 'train_model', jobs: 3, seconds: kRange, like_jobs: 4, of: 'study' }],
  worker_seconds: kRange,
  gpu_seconds: kRange,
  wall_seconds: kRange,
  slots: 2,
};

describe('forecastText', () => {
  it('tells time and GPU-hours with their range', () => {
    expect(forecastText(kForecast)).toBe('2 h (1 h to 3 h) left with 2 slots, 2 GPU-hours (1 to 3)');
  });

  it('tells that nobody works', () => {
    expect(forecastText({ ...kForecast, wall_seconds: null, slots: 0 })).toContain('no worker is online');
  });

  it('names what has not been measured', () => {
    const stages = [{ kind: 'train_model', jobs: 3, seconds: null, like_jobs: 0, of: 'none' as const }];
    expect(forecastText({ ...kForecast, stages })).toMatch(/; not measured yet: .+/);
  });

  it('is empty when nothing is left', () => {
    expect(forecastText({ ...kForecast, jobs: 0 })).toBe('');
  });
});
