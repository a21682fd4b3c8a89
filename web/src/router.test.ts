import { describe, expect, it } from 'vitest';
import { artifactUrl, isPicture } from './api/artifacts';
import { compareValues } from './components/sorting';
import { hrefs, isPlainClick, parsePath } from './router';

describe('parsePath', () => {
  it('knows its pages', () => {
    expect(parsePath('/')).toEqual({ page: 'studies' });
    expect(parsePath('/studies')).toEqual({ page: 'studies' });
    expect(parsePath('/workers/')).toEqual({ page: 'workers' });
    expect(parsePath('/query')).toEqual({ page: 'query' });
    expect(parsePath('/jobs/abc')).toEqual({ page: 'job', key: 'abc' });
    expect(parsePath('/jobs/abc/more')).toMatchObject({ page: 'not_found' });
    expect(parsePath('/elsewhere')).toMatchObject({ page: 'not_found' });
  });

  it('reads what it writes, also odd names', () => {
    const id = 'a b/c%?ü';
    expect(parsePath(hrefs.study(id))).toEqual({ page: 'study', id });
    expect(parsePath('/studies/%E0%A4%A')).toEqual({ page: 'study', id: '%E0%A4%A' });
  });
});

describe('isPlainClick', () => {
  const link = (href: string) => Object.assign(document.createElement('a'), { href });
  const click = (init: MouseEventInit = {}) => new MouseEvent('click', { button: 0, ...init });

  it('leaves other origins, the API, downloads and modified clicks to the browser', () => {
    const own = link(`${location.origin}/workers`);
    expect(isPlainClick(click(), own)).toBe(true);
    expect(isPlainClick(click({ ctrlKey: true }), own)).toBe(false);
    expect(isPlainClick(click({ button: 1 }), own)).toBe(false);
    expect(isPlainClick(click(), link('https://example.org/workers'))).toBe(false);
    expect(isPlainClick(click(), link(`${location.origin}/api/v1/artifacts/x`))).toBe(false);
    expect(isPlainClick(click(), Object.assign(own, { download: 'x' }))).toBe(false);
  });
});

describe('small parts', () => {
  it('sorts numbers by size, words naturally, null last', () => {
    const sort = (values: (number | string | null)[], descending: boolean) =>
      [...values].sort((a, b) => compareValues(a, b, descending));
    expect(sort([10, null, 9], false)).toEqual([9, 10, null]);
    expect(sort([9, null, 10], true)).toEqual([10, 9, null]);
    expect(sort(['b10', 'b9', 'a'], false)).toEqual(['a', 'b9', 'b10']);
  });

  it('names artifacts so that their type is known', () => {
    const grid = { name: 'grid', sha256: 'f', bytes: 1 };
    expect(isPicture(grid)).toBe(true);
    expect(artifactUrl(grid)).toBe('/api/v1/artifacts/f?name=grid.png');
    expect(artifactUrl({ ...grid, name: 'model' })).toBe('/api/v1/artifacts/f?name=model.safetensors');
    expect(artifactUrl({ ...grid, name: 'log.txt' })).toBe('/api/v1/artifacts/f?name=log.txt');
  });
});
