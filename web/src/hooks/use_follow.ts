import { useContext, useEffect, useState } from 'preact/hooks';
import { followEvents } from '../store/live';
import { StoreContext } from './use_store';

const kHiddenPause = 5000;

/** False some seconds after the tab was hidden: browsers allow few connections to one host, and tabs share them. */
function useVisible(): boolean {
  const [visible, setVisible] = useState(true);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const change = () => {
      clearTimeout(timer);
      if (document.hidden) timer = setTimeout(() => setVisible(false), kHiddenPause);
      else setVisible(true);
    };
    document.addEventListener('visibilitychange', change);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', change);
    };
  }, []);
  return visible;
}

/** Follows the events of a study (null: of everything) while the component is shown. Undefined: not yet known. */
export function useFollow(study: string | null | undefined): void {
  const store = useContext(StoreContext);
  const visible = useVisible();
  useEffect(() => {
    if (study === undefined || !visible) return undefined;
    return followEvents(store, study);
  }, [store, study, visible]);
}
