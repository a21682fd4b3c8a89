import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiError, buildUrl, get, post } from './client';

afterEach(() => vi.unstubAllGlobals());

function answer(status: number, body: string, type = 'application/json') {
  const fetcher = vi.fn(() =>
    Promise.resolve(new Response(body, { status, headers: { 'Content-Type': type } })),
  );
  vi.stubGlobal('fetch', fetcher);
  return fetcher;
}

describe('client', () => {
  it('fills the path and puts the rest into the query', () => {
    expect(buildUrl('/api/v1/studies/{study}/points', { study: 'a b/c' })).toBe(
      '/api/v1/studies/a%20b%2Fc/points',
    );
    expect(buildUrl('/api/v1/jobs', { study: 's', state: '', cursor: null, limit: 50 })).toBe(
      '/api/v1/jobs?study=s&limit=50',
    );
  });

  it('returns the body of a good answer', async () => {
    const fetcher = answer(200, '{"items":[]}');
    await expect(get('/api/v1/workers')).resolves.toEqual({ items: [] });
    expect(fetcher).toHaveBeenCalledWith('/api/v1/workers', { credentials: 'same-origin' });
  });

  it('sends JSON', async () => {
    const fetcher = answer(200, '{"columns":[],"rows":[],"truncated":false}');
    await post('/api/v1/query', {}, { sql: 'select 1' });
    const init = (fetcher.mock.calls[0] as unknown as [string, RequestInit])[1];
    expect(init.body).toBe('{"sql":"select 1"}');
  });

  it('throws the problem document', async () => {
    answer(404, '{"title":"Not found","detail":"No job has this key","fix":"Check the key","status":404}');
    const error = await get('/api/v1/jobs/{key}', { key: 'x' }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ApiError);
    expect((error as ApiError).problem).toMatchObject({ status: 404, fix: 'Check the key' });
  });

  it('makes a problem of an answer that is none, and of no answer', async () => {
    answer(502, '<html>', 'text/html');
    await expect(get('/api/v1/workers')).rejects.toMatchObject({ status: 502 });
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('network')));
    await expect(get('/api/v1/workers')).rejects.toMatchObject({ status: 0 });
  });
});
