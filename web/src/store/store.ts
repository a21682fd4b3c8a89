/** The one store of the page. Events are gathered and reduced ten times a second, so that a flood of them costs few renders. */
import type { LiveEvent } from '../api/types';
import { reduce } from './reducer';
import { kInitialState, type Action, type State } from './state';

export interface Store {
  get(): State;
  dispatch(action: Action): void;
  /** Takes an event; it is reduced with its neighbours shortly after. */
  push(event: LiveEvent): void;
  /**
   * Waits for an answer and takes it into the state. Events that came since the request stand above it: the answer may have
   * been written before what they tell. Rejects as `request` does, and then changes nothing.
   */
  take<T>(request: Promise<T>, toAction: (answer: T) => Action): Promise<T>;
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
  /** For each request under way, the events since it was made. */
  const meanwhile = new Set<LiveEvent[]>();

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
      for (const events of meanwhile) events.push(event);
      pending.push(event);
      if (pending.length === 1) later(flush);
    },
    async take(request, toAction) {
      const events: LiveEvent[] = [];
      meanwhile.add(events);
      try {
        const answer = await request;
        dispatch(toAction(answer));
        if (events.length > 0) dispatch({ type: 'again', events });
        return answer;
      } finally {
        meanwhile.delete(events);
      }
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
