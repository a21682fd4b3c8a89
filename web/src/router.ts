/** Paths ↔ pages, and navigation with the History API. `parsePath` and `hrefs` are pure. */

export type Route =
  | { page: 'studies' }
  | { page: 'study'; id: string }
  | { page: 'job'; key: string }
  | { page: 'workers' }
  | { page: 'query' }
  | { page: 'not_found'; path: string };

export const hrefs = {
  studies: '/',
  workers: '/workers',
  query: '/query',
  study: (id: string) => `/studies/${encodeURIComponent(id)}`,
  job: (key: string) => `/jobs/${encodeURIComponent(key)}`,
};

export function parsePath(path: string): Route {
  const parts = path.split('/').filter(Boolean).map(decodePart);
  const [first, second] = parts;
  if (first === undefined || (first === 'studies' && parts.length === 1)) return { page: 'studies' };
  if (first === 'studies' && second !== undefined && parts.length === 2) return { page: 'study', id: second };
  if (first === 'jobs' && second !== undefined && parts.length === 2) return { page: 'job', key: second };
  if (first === 'workers' && parts.length === 1) return { page: 'workers' };
  if (first === 'query' && parts.length === 1) return { page: 'query' };
  return { page: 'not_found', path };
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Whether a click on a link is ours to handle (plain left click on a link of this page's own paths). */
export function isPlainClick(event: MouseEvent, anchor: HTMLAnchorElement): boolean {
  if (event.defaultPrevented || event.button !== 0) return false;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return false;
  if (anchor.target || anchor.hasAttribute('download') || anchor.origin !== location.origin) return false;
  return !/^\/(api|sign_in|metrics|openapi\.json|healthz)/.test(anchor.pathname);
}

export function navigate(path: string): void {
  history.pushState(null, '', path);
  window.dispatchEvent(new PopStateEvent('popstate'));
}
