/** Typed requests: the path names the operation in openapi.yaml, and the answer's type follows from it. */
import type { paths } from './types.gen';
import type { Problem } from './types';

/** A request that was answered with a problem document, or not answered at all (status 0). */
export class ApiError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }

  get status(): number {
    return this.problem.status;
  }
}

type Json<T> = T extends { content: { 'application/json': infer Body } } ? Body : never;
type Answer<Operation> = Operation extends { responses: infer R }
  ? Json<R extends { 200: infer Ok } ? Ok : never>
  : never;
type Body<Operation> = Operation extends { requestBody: { content: { 'application/json': infer B } } }
  ? B
  : undefined;
type PathsWith<Method extends 'get' | 'post'> = {
  [P in keyof paths]: paths[P] extends Record<Method, { responses: unknown }> ? P : never;
}[keyof paths];

type Values = Record<string, string | number | boolean | null | undefined>;

/** Fills `{name}` in the template; what is left goes into the query, empty values left out. Pure. */
export function buildUrl(template: string, values: Values = {}): string {
  const query = new URLSearchParams();
  let path = template;
  for (const [name, value] of Object.entries(values)) {
    if (value === null || value === undefined || value === '') continue;
    const slot = `{${name}}`;
    if (path.includes(slot)) path = path.replace(slot, encodeURIComponent(value));
    else query.set(name, String(value));
  }
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

export function get<P extends PathsWith<'get'>>(
  path: P,
  values?: Values,
  signal?: AbortSignal,
): Promise<Answer<paths[P]['get']>> {
  return request(buildUrl(path, values), signal ? { signal } : {});
}

export function post<P extends PathsWith<'post'>>(
  path: P,
  values: Values,
  body: Body<paths[P]['post']>,
): Promise<Answer<paths[P]['post']>> {
  const headers: Record<string, string> = body === undefined ? {} : { 'Content-Type': 'application/json' };
  const init: RequestInit = { method: 'POST', headers };
  if (body !== undefined) init.body = JSON.stringify(body);
  return request(buildUrl(path, values), init);
}

async function request<T>(url: string, init: RequestInit): Promise<T> {
  const response = await send(url, init);
  if (response.ok) return (await response.json()) as T;
  throw new ApiError(await readProblem(response));
}

async function send(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { credentials: 'same-origin', ...init });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError({
      type: 'about:blank',
      title: 'The coordinator does not answer',
      status: 0,
      detail: 'The request got no answer from the coordinator.',
      fix: 'Check that the coordinator is running; the page goes on by itself once it answers.',
    });
  }
}

async function readProblem(response: Response): Promise<Problem> {
  const fallback: Problem = {
    type: 'about:blank',
    title: response.statusText || 'Request failed',
    status: response.status,
    detail: `The coordinator answered ${response.status}.`,
    fix: '',
  };
  try {
    return { ...fallback, ...((await response.json()) as Partial<Problem>) };
  } catch {
    return fallback;
  }
}
