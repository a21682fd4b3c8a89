import { describe, expect, it } from 'vitest';
import type { Timeline } from '../../api/types';
import { timelineModel } from './timeline_model';

const time = (seconds: number) => new Date(1_700_000_000_000 + seconds * 1000).toISOString();

const timeline: Timeline = {
  key: 'a'.repeat(64),
  kind: 'train_model',
  label: '',
  state: 'running',
  now: time(100),
  spans: [
    { phase: 'queued', from: time(0), to: time(20), attempt: 1 },
    { phase: 'running', from: time(20), to: time(40), attempt: 1, worker: 'w' },
    { phase: 'running', from: time(40), to: null, attempt: 2, worker: 'w' },
  ],
  events: [
    { event: 'submitted', at: time(0) },
    { event: 'checkpoint', at: time(30), attempt: 1, step: 5, bytes: 9 },
    { event: 'checkpoint', at: time(70), attempt: 2, step: 9, bytes: 9 },
  ],
};

describe('timelineModel', () => {
  it('puts spans and checkpoints on one axis that reaches to now while the job goes on', () => {
    const model = timelineModel(timeline, Date.parse(time(100)));
    expect(model.seconds).toBe(100);
    expect(model.bars.map(({ from, to }) => [from, to])).toEqual([
      [0, 0.2],
      [0.2, 0.4],
      [0.4, 1],
    ]);
    expect(model.bars.map(({ checkpoints }) => checkpoints)).toEqual([[], [0.3], [0.7]]);
    expect(model.bars[2]).toMatchObject({ open: true, seconds: 60, attempt: 2 });
  });

  it('stands a job that came this instant', () => {
    const fresh: Timeline = {
      ...timeline,
      spans: [{ phase: 'blocked', from: time(0), to: null }],
      events: [{ event: 'submitted', at: time(0) }],
    };
    const model = timelineModel(fresh, Date.parse(time(0)));
    expect(model.bars).toEqual([
      { phase: 'blocked', attempt: null, from: 0, to: 0, seconds: 0, open: true, checkpoints: [] },
    ]);
  });
});
