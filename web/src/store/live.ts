/** Joins the event stream to the store. */
import { buildUrl, get, ApiError } from '../api/client';
import { openEvents } from '../api/sse';
import type { LiveEvent } from '../api/types';
import type { Store } from './store';

const kTypes = ['study', 'job', 'jobs', 'progress', 'curve', 'log', 'worker', 'point', 'reset'] as const;

async function signedIn(): Promise<boolean> {
  try {
    await get('/api/v1/version');
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return false;
    throw error;
  }
}

/** Follows one study's events, or all of them. The returned function ends it. */
export function followEvents(store: Store, study: string | null): () => void {
  const close = openEvents({
    url: buildUrl('/api/v1/events', { study }),
    types: kTypes,
    create: (url) => new EventSource(url),
    signedIn,
    onEvent: (type, data) => store.push({ ...(data as object), type } as LiveEvent),
    onConnection: (connection) => store.dispatch({ type: 'connection', connection }),
    onOpen: () => store.dispatch({ type: 'reload' }),
  });
  return () => {
    close();
    // What a closed stream last said about the connection is no longer known; that the session ended is.
    if (store.get().connection !== 'signed_out')
      store.dispatch({ type: 'connection', connection: 'connecting' });
  };
}
