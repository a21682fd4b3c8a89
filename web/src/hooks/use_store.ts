import { createContext } from 'preact';
import { useContext, useEffect, useReducer, useRef } from 'preact/hooks';
import type { State } from '../store/state';
import { createStore, type Store } from '../store/store';

export const StoreContext = createContext<Store>(createStore());

export function useDispatch(): Store['dispatch'] {
  return useContext(StoreContext).dispatch;
}

/** For what was asked of the coordinator: see `Store.take`. */
export function useTake(): Store['take'] {
  return useContext(StoreContext).take;
}

/** The selected part of the state; the component renders again only when that part is another object or value. */
export function useStore<T>(select: (state: State) => T): T {
  const store = useContext(StoreContext);
  const [, render] = useReducer((count: number) => count + 1, 0);
  const value = select(store.get());
  const latest = useRef({ select, value });
  latest.current = { select, value };
  useEffect(() => {
    const check = () => {
      if (latest.current.select(store.get()) !== latest.current.value) render(undefined);
    };
    check();
    return store.subscribe(check);
  }, [store]);
  return value;
}
