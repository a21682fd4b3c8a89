import { useEffect, useState } from 'preact/hooks';

export interface Lazy<T> {
  module: T | null;
  failed: boolean;
}

/** A module that is fetched when it is first needed. `load` must be a constant function. */
export function useLazy<T>(load: () => Promise<T>): Lazy<T> {
  const [state, setState] = useState<Lazy<T>>({ module: null, failed: false });
  useEffect(() => {
    let wanted = true;
    const settle = (next: Lazy<T>) => wanted && setState(next);
    load().then(
      (module) => settle({ module, failed: false }),
      () => settle({ module: null, failed: true }),
    );
    return () => {
      wanted = false;
    };
  }, [load]);
  return state;
}
