import { describe, expect, it } from 'vitest';
import { markerPath, seriesColour, seriesDash } from './markers';
import { extent, linearScale, logScale, niceStep } from './scales';

describe('scales', () => {
  it('finds the extent of finite values', () => {
    expect(extent([3, 1, Number.NaN, 2])).toEqual([1, 3]);
    expect(extent([])).toBeNull();
  });

  it('steps by 1, 2 or 5', () => {
    expect(niceStep(10, 5)).toBe(2);
    expect(niceStep(1, 5)).toBe(0.2);
    expect(niceStep(23, 5)).toBe(5);
    expect(niceStep(0, 5)).toBe(1);
  });

  it('maps a linear domain and never shows room below zero for scores', () => {
    const scale = linearScale([0.1, 10], [100, 0]);
    expect(scale(0)).toBeCloseTo(100, 6);
    expect(scale(10)).toBeGreaterThan(0);
    expect(scale.ticks).toEqual([0, 5, 10]);
    const single = linearScale([5, 5], [100, 0]);
    expect(single(5)).toBeCloseTo(50, 6);
  });

  it('maps a base-2 domain with ticks at powers of two', () => {
    const scale = logScale([1, 16], [0, 450]);
    expect(scale.ticks).toEqual([1, 2, 4, 8, 16]);
    expect(scale(1)).toBeCloseTo(25, 6);
    expect(scale(4)).toBeCloseTo(225, 6);
    expect(logScale([7, 7], [0, 10])(7)).toBeCloseTo(5, 6);
  });
});

describe('markers', () => {
  it('gives six distinct shapes and colours, then another line style', () => {
    const shapes = new Set([0, 1, 2, 3, 4, 5].map((index) => markerPath(index, 4)));
    expect(shapes.size).toBe(6);
    expect(seriesColour(6)).toBe(seriesColour(0));
    expect(seriesDash(0)).toBe('');
    expect(seriesDash(6)).not.toBe('');
  });
});
