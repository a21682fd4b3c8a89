import { describe, expect, it } from 'vitest';
import type { Study } from '../api/types';
import { failedFirst, isOver, newestFirst, progressText, segments, stateRank, studyEta } from './derive';
import { kInitialState } from './state';
import { createStore } from './store';

const study = (fields: Partial<Study>) => ({ id: 'a', created_at: '', stages: [], ...fields }) as Study;
const stage = (done: number, total: number, eta: number | null) => ({
  kind: `k${done}${total}`,
  total,
  done,
  failed: 0,
  running: 0,
  rate_per_second: null,
  eta_seconds: eta,
});

describe('createStore', () => {
  it('reduces the events of a moment together and tells listeners once', () => {
    const frames: (() => void)[] = [];
    const store = createStore(kInitialState, (task) => frames.push(task));
    let told = 0;
    const stop = store.subscribe(() => (told += 1));
    store.push({ type: 'study', study: study({ id: 'a' }) });
    store.push({ type: 'study', study: study({ id: 'b' }) });
    expect(frames).toHaveLength(1);
    expect(store.get().studies).toEqual({});
    frames[0]?.();
    expect(Object.keys(store.get().studies)).toEqual(['a', 'b']);
    expect(told).toBe(1);
    store.push({ type: 'reset' });
    expect(frames).toHaveLength(2);
    stop();
    frames[1]?.();
    expect(told).toBe(1);
    expect(store.get().generation).toBe(1);
  });

  it('lets events since a request stand above its answer, and counts none of them twice', async () => {
    const frames: (() => void)[] = [];
    const store = createStore(kInitialState, (task) => frames.push(task));
    let answer: (items: Study[]) => void = () => undefined;
    const request = new Promise<Study[]>((resolve) => (answer = resolve));
    store.push({ type: 'study', study: study({ id: 'a', title: 'before' }) });
    const taken = store.take(request, (items) => ({ type: 'studies', items }));
    store.push({ type: 'study', study: study({ id: 'b', title: 'told since' }) });
    store.push({ type: 'jobs', study: 'b' });
    for (const frame of frames.splice(0)) frame();
    answer(['a', 'b'].map((id) => study({ id, title: 'answered' })));
    await taken;
    expect(Object.values(store.get().studies).map(({ title }) => title)).toEqual(['answered', 'told since']);
    expect(store.get().jobChanges).toEqual({ b: 1 });
  });

  it('changes nothing when a request fails', async () => {
    const store = createStore(kInitialState, () => undefined);
    const taken = store.take(Promise.reject(new Error('gone')), () => ({ type: 'reload' }));
    await expect(taken).rejects.toThrow('gone');
    expect(store.get()).toBe(kInitialState);
  });
});

describe('derive', () => {
  it('lists segments in a fixed order without empty ones', () => {
    const jobs = { total: 6, blocked: 1, queued: 0, running: 2, succeeded: 3, failed: 0, cancelled: 0 };
    expect(segments(jobs)).toEqual([
      { state: 'succeeded', count: 3 },
      { state: 'running', count: 2 },
      { state: 'blocked', count: 1 },
    ]);
  });

  it('adds the stages up and says when one has no rate yet', () => {
    const running = (stages: Study['stages']) => studyEta(study({ state: 'running', stages }));
    expect(running([stage(5, 5, null), stage(1, 5, 40), stage(0, 2, 20)])).toEqual({
      seconds: 60,
      atLeast: false,
    });
    expect(running([stage(1, 5, 40), stage(0, 2, null)])).toEqual({ seconds: 40, atLeast: true });
    expect(running([stage(0, 2, null)])).toBeNull();
    expect(studyEta(study({ state: 'succeeded', stages: [stage(1, 5, 40)] }))).toBeNull();
  });

  it('orders studies newest first and failed jobs first, else as they came', () => {
    const studies = {
      a: study({ id: 'a', created_at: '2026-01-01' }),
      b: study({ id: 'b', created_at: '2026-02-01' }),
    };
    expect(newestFirst(studies).map(({ id }) => id)).toEqual(['b', 'a']);
    const jobs = ['queued', 'failed', 'running', 'failed'].map((state, key) => ({ key: String(key), state }));
    expect(failedFirst(jobs as never).map(({ key }) => key)).toEqual(['1', '3', '0', '2']);
    expect(stateRank('failed')).toBeLessThan(stateRank('unheard_of'));
    expect([isOver('failed'), isOver('running')]).toEqual([true, false]);
  });

  it('tells progress in the unit of the work', () => {
    expect(progressText({ progress: { done: 3, total: 9, unit: 'steps', message: 'x' } })).toBe('3/9 steps');
    expect(progressText({ progress: { done: 0, total: 0, unit: '', message: 'loading' } })).toBe('loading');
    expect(progressText({ progress: null })).toBe('');
  });
});
