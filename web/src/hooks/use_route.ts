import { useEffect, useState } from 'preact/hooks';
import { isPlainClick, navigate, parsePath, type Route } from '../router';

/** The page that the address names; plain clicks on the page's own links change it without a load. */
export function useRoute(): { route: Route; path: string } {
  const [path, setPath] = useState(location.pathname);
  useEffect(() => {
    const change = () => setPath(location.pathname);
    const click = (event: MouseEvent) => {
      const anchor = event.target instanceof Element ? event.target.closest('a') : null;
      if (!anchor?.href || !isPlainClick(event, anchor)) return;
      if (anchor.hash && anchor.pathname === location.pathname) return;
      event.preventDefault();
      navigate(anchor.pathname + anchor.search);
      window.scrollTo(0, 0);
    };
    window.addEventListener('popstate', change);
    document.addEventListener('click', click);
    return () => {
      window.removeEventListener('popstate', change);
      document.removeEventListener('click', click);
    };
  }, []);
  return { route: parsePath(path), path };
}

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title ? `${title} · Checkerlab` : 'Checkerlab';
  }, [title]);
}
