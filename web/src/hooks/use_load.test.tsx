import { render } from 'preact';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiError } from '../api/client';
import { kInitialState } from '../store/state';
import { createStore, type Store } from '../store/store';
import { useLoad, type Loaded } from './use_load';
import { StoreContext } from './use_store';

interface Request {
  resolve: (value: string) => void;
  reject: (error: ApiError) => void;
  signal: AbortSignal;
}

let root: HTMLElement;
let store: Store;
let requests: Request[];
let shown: Loaded<string>;

beforeEach(() => {
  root = document.createElement('div');
  store = createStore(kInitialState, (task) => task());
  requests = [];
});
afterEach(() => render(null, root));

function Probe({ identity, load }: { identity: string; load: string | null }) {
  shown = useLoad(
    identity,
    load,
    (signal) => new Promise<string>((resolve, reject) => requests.push({ resolve, reject, signal })),
  );
  return null;
}

async function show(identity: string, key: string | null) {
  render(
    <StoreContext.Provider value={store}>
      <Probe identity={identity} load={key} />
    </StoreContext.Provider>,
    root,
  );
  await settle();
}

/** Effects run after the next frame and renders in a microtask: two rounds of both. */
async function settle() {
  for (let round = 0; round < 3; round += 1) {
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  }
}

async function answer(index: number, value: string) {
  requests[index]?.resolve(value);
  await settle();
}

const problem = (status: number) =>
  new ApiError({ type: 'about:blank', title: 'No', status, detail: 'no', fix: '' });

describe('useLoad', () => {
  it('keeps the old value while the key changes, drops it when the identity changes', async () => {
    await show('a', '1');
    await answer(0, 'first');
    expect(shown.value).toBe('first');
    await show('a', '2');
    expect(shown).toMatchObject({ value: 'first', loading: true });
    await answer(1, 'second');
    expect(shown.value).toBe('second');
    await show('b', '2');
    expect(shown.value).toBeNull();
  });

  it('ignores the answer to a request that was replaced', async () => {
    await show('a', '1');
    await show('b', '1');
    expect(requests[0]?.signal.aborted).toBe(true);
    await answer(0, 'late');
    expect(shown.value).toBeNull();
  });

  it('loads anew when events may have been missed, or when asked', async () => {
    await show('a', '1');
    store.dispatch({ type: 'reload' });
    await settle();
    expect(requests).toHaveLength(2);
    shown.reload();
    await settle();
    expect(requests).toHaveLength(3);
  });

  it('loads nothing without a key', async () => {
    await show('a', null);
    expect(requests).toHaveLength(0);
    expect(shown.loading).toBe(false);
  });

  it('tells the problem beside the last good value, and says when the session ended', async () => {
    await show('a', '1');
    await answer(0, 'good');
    await show('a', '2');
    requests[1]?.reject(problem(401));
    await settle();
    expect(shown).toMatchObject({ value: 'good', problem: { status: 401 } });
    expect(store.get().connection).toBe('signed_out');
  });
});
