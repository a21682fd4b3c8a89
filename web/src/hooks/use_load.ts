import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from '../api/client';
import type { Problem } from '../api/types';
import { useDispatch, useStore } from './use_store';

export interface Loaded<T> {
  value: T | null;
  problem: Problem | null;
  /** The key that `value` belongs to; it may lag behind while the next one loads. */
  loading: boolean;
  reload: () => void;
}

/**
 * Loads a resource when `key` changes, and again when events may have been missed. `identity` names what is loaded: when
 * it changes, the old value is dropped; while only `key` changes, the old value stays until the new one is there.
 * A null `key` loads nothing.
 */
export function useLoad<T>(
  identity: string,
  key: string | null,
  load: (signal: AbortSignal) => Promise<T>,
): Loaded<T> {
  const dispatch = useDispatch();
  const generation = useStore((state) => state.generation);
  const [state, setState] = useState<{ identity: string; value: T | null; problem: Problem | null }>();
  const [loading, setLoading] = useState(key !== null);
  const [asked, setAsked] = useState(0);
  const latest = useRef(load);
  latest.current = load;

  useEffect(() => {
    if (key === null) return undefined;
    const controller = new AbortController();
    setLoading(true);
    latest.current(controller.signal).then(
      (value) => {
        if (controller.signal.aborted) return;
        setState({ identity, value, problem: null });
        setLoading(false);
      },
      (error: unknown) => {
        if (controller.signal.aborted) return;
        if (!(error instanceof ApiError)) throw error;
        if (error.status === 401) dispatch({ type: 'connection', connection: 'signed_out' });
        setState((old) => ({
          identity,
          value: old?.identity === identity ? old.value : null,
          problem: error.problem,
        }));
        setLoading(false);
      },
    );
    return () => controller.abort();
  }, [identity, key, generation, asked, dispatch]);

  const current = state?.identity === identity ? state : undefined;
  const reload = useCallback(() => setAsked((count) => count + 1), []);
  return { value: current?.value ?? null, problem: current?.problem ?? null, loading, reload };
}
