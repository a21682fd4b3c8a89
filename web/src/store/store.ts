/** The one store of the page. Events are gathered and reduced ten times a second, so that a flood of them costs few renders. */
import type { LiveEvent } from '../api/types';
import { reduce } from './reducer';
import { kInitialState, type Action, type State } from './state';

export interface Store {
  get(): State;
  dispatch(action: Action): void;
  /** Takes an event; it is reduced with its neighbours shortly after. */
  push(event: LiveEvent): void;
  subscribe(listener: () => void): () => void;
}

type Later = (task: () => void) => void;

const kGather = 100;

function soon(task: () => void): void {
  setTimeout(task, kGather);
}

export function createStore(initial: State = kInitialState, later: Later = soon): Store {
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
      if (pending.length === 1) later(flush);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
