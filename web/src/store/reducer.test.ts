import { describe, expect, it } from 'vitest';
import type { Job, LiveEvent, LogLine, Point, Study, Worker } from '../api/types';
import { reduce } from './reducer';
import { kInitialState, kLogLines, type State } from './state';

const study = (id: string, title = id) => ({ id, title }) as Study;
const job = (key: string, fields: Partial<Job> = {}) =>
  ({ key, state: 'running', attempts: 1, studies: ['s'], ...fields }) as Job;
const line = (seq: number) => ({ seq, text: `line ${seq}` }) as LogLine;
const point = (score_key: string, fid: number | null = null) => ({ score_key, fid }) as Point;
const after = (state: State, ...events: LiveEvent[]) => reduce(state, { type: 'events', events });

describe('reduce', () => {
  it('takes loaded resources by id', () => {
    let state = reduce(kInitialState, { type: 'studies', items: [study('a'), study('b')] });
    state = reduce(state, { type: 'studies', items: [study('b', 'new')] });
    expect(Object.keys(state.studies)).toEqual(['a', 'b']);
    expect(state.studies.b?.title).toBe('new');
  });

  it('replaces workers as a whole, since one may have gone', () => {
    const workers = (ids: string[]) => ids.map((id) => ({ id }) as Worker);
    const state = reduce(kInitialState, { type: 'workers', items: workers(['a', 'b']) });
    expect(Object.keys(reduce(state, { type: 'workers', items: workers(['b']) }).workers)).toEqual(['b']);
  });

  it('keeps the state when the connection does not change', () => {
    expect(reduce(kInitialState, { type: 'connection', connection: 'connecting' })).toBe(kInitialState);
    expect(reduce(kInitialState, { type: 'connection', connection: 'live' }).connection).toBe('live');
  });

  it('changes jobs that are shown and only counts the others', () => {
    const state = reduce(kInitialState, { type: 'jobs', items: [job('a')] });
    const next = after(
      state,
      { type: 'job', job: job('a', { state: 'succeeded' }) },
      { type: 'job', job: job('b', { studies: ['s', 't'] }) },
      { type: 'job', job: job('c') },
    );
    expect(next.jobs.a?.state).toBe('succeeded');
    expect(next.jobs.b).toBeUndefined();
    expect(next.jobChanges).toEqual({ s: 2, t: 1 });
    expect(state.jobs.a?.state).toBe('running');
  });

  it('counts it when many jobs of a study changed at once', () => {
    const next = after(kInitialState, { type: 'jobs', study: 's' }, { type: 'jobs', study: 's' });
    expect(next.jobChanges).toEqual({ s: 2 });
  });

  it('takes progress of running jobs only: a late one must not follow the end', () => {
    const progress = { done: 1, total: 2, unit: 'steps', message: '' };
    const state = reduce(kInitialState, {
      type: 'jobs',
      items: [job('a'), job('b', { state: 'succeeded' })],
    });
    const next = after(
      state,
      { type: 'progress', key: 'a', attempt: 1, progress },
      { type: 'progress', key: 'b', attempt: 1, progress },
    );
    expect(next.jobs.a?.progress).toEqual(progress);
    expect(next.jobs.b?.progress).toBeUndefined();
  });

  it('copies each touched part once and leaves the others as they are', () => {
    const state = reduce(kInitialState, { type: 'jobs', items: [job('a')] });
    const next = after(state, { type: 'study', study: study('s') }, { type: 'study', study: study('t') });
    expect(next.jobs).toBe(state.jobs);
    expect(next.studies).not.toBe(state.studies);
    expect(Object.keys(next.studies)).toEqual(['s', 't']);
  });

  it('puts points in their study and counts them also where the study is not shown', () => {
    const state = reduce(kInitialState, { type: 'points', study: 's', items: [point('p')] });
    const next = after(
      state,
      { type: 'point', study: 's', point: point('p', 3) },
      { type: 'point', study: 't', point: point('q', 4) },
    );
    expect(next.points.s?.p?.fid).toBe(3);
    expect(next.points.t).toBeUndefined();
    expect(next.pointChanges).toEqual({ s: 1, t: 1 });
  });

  it('orders log lines, takes each once, and bounds them', () => {
    let state = reduce(kInitialState, { type: 'logs', key: 'a', items: [line(1), line(3)] });
    state = after(state, { type: 'log', key: 'a', lines: [line(2), line(3), line(4)] });
    expect(state.logs.a?.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    const many = Array.from({ length: kLogLines + 5 }, (_, index) => line(10 + index));
    state = after(state, { type: 'log', key: 'a', lines: many });
    expect(state.logs.a).toHaveLength(kLogLines);
    expect(state.logs.a?.at(-1)?.seq).toBe(10 + kLogLines + 4);
    expect(after(state, { type: 'log', key: 'other', lines: [line(1)] }).logs.other).toBeUndefined();
  });

  it('appends to curves that are shown; a step told again is replaced', () => {
    const state = reduce(kInitialState, {
      type: 'curves',
      key: 'a',
      series: {
        loss: [
          [1, 5],
          [3, 4],
        ],
      },
    });
    const points = [
      { series: 'loss', step: 4, value: 3 },
      { series: 'loss', step: 3, value: 3.5 },
      { series: 'loss', step: 2, value: 4.5 },
      { series: 'psnr', step: 1, value: 20 },
    ];
    const next = after(state, { type: 'curve', key: 'a', attempt: 2, points });
    expect(next.curves.a).toEqual({
      loss: [
        [1, 5],
        [2, 4.5],
        [3, 3.5],
        [4, 3],
      ],
      psnr: [[1, 20]],
    });
    expect(state.curves.a?.loss).toEqual([
      [1, 5],
      [3, 4],
    ]);
  });

  it('asks for a new load when events are gone, and bears events that it does not know', () => {
    expect(after(kInitialState, { type: 'reset' }).generation).toBe(1);
    expect(reduce(kInitialState, { type: 'reload' }).generation).toBe(1);
    const unknown = { type: 'weather' } as unknown as LiveEvent;
    expect(after(kInitialState, unknown)).toEqual(kInitialState);
  });
});
