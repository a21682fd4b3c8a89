import { describe, expect, it } from 'vitest';
import type { Figure, FigurePoint, Point } from '../api/types';
import { toColumns } from './curve_data';
import { buildLines, figureAt, mixedFields, withAllRatios } from './figure_model';
import { moveFocus } from './navigate';
import { nearestMark } from './nearest';
import { panelScales } from './panel_scales';

const identity = {
  network_sha256: 'n',
  reference_sha256: 'r',
  evaluator_version: 'e',
  code_version: 'c',
  precision: 'fp32',
};
const row = (steps: number, fid: number | null, fields: Partial<FigurePoint> = {}) =>
  ({
    score_key: `${steps}/${fid}`,
    ratio: '2',
    steps_per_scale: steps,
    total_steps: steps * 4,
    guidance: 0,
    seed: 0,
    n: 500,
    fid,
    fid_uncertainty: 0.5,
    inception_score: 3,
    inception_score_uncertainty: null,
    ...identity,
    ...fields,
  }) as FigurePoint;
const figure = (points: FigurePoint[]): Figure => ({ series: [{ ratio: '2', label: '2', points }] });

describe('buildLines', () => {
  it('orders by steps, on either axis, and leaves out what is not measured', () => {
    const data = figure([row(4, 10), row(1, 30), row(2, null)]);
    const [line] = buildLines(data, 'fid', 'steps_per_scale');
    expect(line?.marks.map(({ x, y, error }) => [x, y, error])).toEqual([
      [1, 30, 0.5],
      [4, 10, 0.5],
    ]);
    const [total] = buildLines(data, 'inception_score', 'total_steps');
    expect(total?.marks.map(({ x, error }) => [x, error])).toEqual([
      [4, null],
      [8, null],
      [16, null],
    ]);
  });

  it('never joins numbers of different identity', () => {
    const data = figure([
      row(1, 30),
      row(2, 20),
      row(1, 29, { network_sha256: 'other' }),
      row(1, 28, { seed: 1 }),
    ]);
    const lines = buildLines(data, 'fid', 'steps_per_scale');
    expect(lines.map(({ series, variant, marks }) => [series, variant, marks.length])).toEqual([
      [0, 0, 2],
      [0, 1, 1],
      [0, 2, 1],
    ]);
    expect(buildLines(figure([row(1, 30), row(2, 20, { seed: 1 })]), 'fid', 'total_steps')).toHaveLength(1);
    expect(mixedFields(data)).toEqual(['network_sha256']);
    expect(mixedFields(figure([row(1, 30), row(1, 28, { seed: 1 })]))).toEqual([]);
  });
});

describe('figures', () => {
  it('gives every ratio of the study a place, in its order', () => {
    const all = withAllRatios(figure([row(1, 3)]), ['sqrt2', '2', 'single'], (ratio) => `<${ratio}>`);
    expect(all.series.map(({ label, points }) => [label, points.length])).toEqual([
      ['<sqrt2>', 0],
      ['2', 1],
      ['<single>', 0],
    ]);
  });

  it('picks the measured points of one guidance', () => {
    const point = { ...row(1, 9), guidance: 0.5, state: 'succeeded', identity } as unknown as Point;
    const waiting = { ...point, state: 'running', identity: null } as Point;
    const at = figureAt(0.5, figure([row(1, 3)]), [point, waiting, { ...point, guidance: 1 } as Point]);
    expect(at.series[0]?.points.map(({ fid, network_sha256 }) => [fid, network_sha256])).toEqual([[9, 'n']]);
  });
});

describe('reading the chart', () => {
  const xs = [[1, 2, 4], [], [1, 8]];

  it('moves along a line and between lines that have marks', () => {
    expect(moveFocus(xs, { line: 0, mark: 1 }, 'ArrowRight')).toEqual({ line: 0, mark: 2 });
    expect(moveFocus(xs, { line: 0, mark: 2 }, 'ArrowRight')).toEqual({ line: 0, mark: 2 });
    expect(moveFocus(xs, { line: 0, mark: 2 }, 'Home')).toEqual({ line: 0, mark: 0 });
    expect(moveFocus(xs, { line: 0, mark: 0 }, 'End')).toEqual({ line: 0, mark: 2 });
    expect(moveFocus(xs, { line: 0, mark: 1 }, 'ArrowDown')).toEqual({ line: 2, mark: 0 });
    expect(moveFocus(xs, { line: 0, mark: 2 }, 'ArrowUp')).toEqual({ line: 2, mark: 0 });
    expect(moveFocus([[1]], { line: 0, mark: 0 }, 'ArrowDown')).toEqual({ line: 0, mark: 0 });
    expect(moveFocus(xs, { line: 0, mark: 0 }, 'x')).toBeNull();
  });

  it('finds the mark nearest to the pointer, within reach', () => {
    const lines = buildLines(figure([row(1, 30), row(2, 29)]), 'fid', 'steps_per_scale');
    const scales = panelScales(lines, 400, 300);
    const second = lines[0]?.marks[1];
    if (!second) throw new Error('no second mark');
    expect(nearestMark(lines, scales, scales.x(2) + 5, scales.y(29) - 5)).toEqual({ line: 0, mark: 1 });
    expect(nearestMark(lines, scales, scales.x(2) + 60, scales.y(29) - 60)).toBeNull();
  });

  it('keeps error bars inside the axes, and draws axes before the first point', () => {
    const lines = buildLines(figure([row(1, 30), row(4, 10)]), 'fid', 'steps_per_scale');
    const { y } = panelScales(lines, 400, 300);
    expect(y(30.5)).toBeGreaterThanOrEqual(10);
    expect(y(9.5)).toBeLessThanOrEqual(300);
    expect(panelScales([], 400, 300).x.ticks).toEqual([1, 2, 4, 8, 16]);
  });

  it('puts curves of different steps into common columns', () => {
    expect(
      toColumns([
        [
          [1, 5],
          [3, 4],
        ],
        [[2, 9]],
      ]),
    ).toEqual([
      [1, 2, 3],
      [5, null, 4],
      [null, 9, null],
    ]);
  });
});
