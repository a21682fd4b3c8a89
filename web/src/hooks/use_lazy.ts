import { useEffect, useState } from 'preact/hooks';

/** A module that is fetched when it is first needed; null until then. `load` must be a constant function. */
export function useLazy<T>(load: () => Promise<T>): T | null {
  const [loaded, setLoaded] = useState<T | null>(null);
  useEffect(() => {
    let wanted = true;
    void load().then((module) => {
      if (wanted) setLoaded(() => module);
    });
    return () => {
      wanted = false;
    };
  }, [load]);
  return loaded;
}
