/** The one store of the page. Events are gathered and reduced once a frame, so that a flood of them stays smooth. */
import type { LiveEvent } from '../api/types';
import { reduce } from './reducer';
import { kInitialState, type Action, type State } from './state';

export interface Store {
  get(): State;
  dispatch(action: Action): void;
  /** Takes an event; it is reduced with its neighbours at the next `frame`. */
  push(event: LiveEvent): void;
  subscribe(listener: () => void): () => void;
}

type Frame = (task: () => void) => void;

/** A hidden tab gets no animation frames: there, a slow timer keeps the state current. */
function nextFrame(task: () => void): void {
  if (document.hidden) setTimeout(task, 500);
  else requestAnimationFrame(task);
}

export function createStore(initial: State = kInitialState, frame: Frame = nextFrame): Store {
  let state = initial;
  let pending: LiveEvent[] = [];
  const listeners = new Set<() => void>();

  function dispatch(action: Action): void {
    const next = reduce(state, action);
    if (next === state) return;
    state = next;
    for (const listener of [...listeners]) listener();
  }

  function flush(): void {
    const events = pending;
    pending = [];
    dispatch({ type: 'events', events });
  }

  return {
    get: () => state,
    dispatch,
    push(event) {
      pending.push(event);
      if (pending.length === 1) frame(flush);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
