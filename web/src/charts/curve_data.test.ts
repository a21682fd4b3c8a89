import { describe, expect, it } from 'vitest';
import { groupCurves, toColumns } from './curve_data';

const point = [[0, 1]];

describe('groupCurves', () => {
  it('puts the loss and those of the scales on one axis, from small to large', () => {
    const [first] = groupCurves([
      ['loss_16x16', point],
      ['loss_4x4', point],
      ['loss', point],
    ]);
    expect(first?.map(([name]) => name)).toEqual(['loss', 'loss_4x4', 'loss_16x16']);
  });

  it('gives every other quantity an axis of its own and leaves out what has no point', () => {
    const groups = groupCurves([
      ['memory_gib', point],
      ['loss', point],
      ['learning_rate', point],
      ['gradient_norm', []],
    ]);
    expect(groups.map((group) => group.map(([name]) => name))).toEqual([
      ['loss'],
      ['learning_rate'],
      ['memory_gib'],
    ]);
  });

  it('does without a loss', () => {
    expect(groupCurves([['accuracy', point]])).toEqual([[['accuracy', point]]]);
    expect(groupCurves([])).toEqual([]);
  });
});

describe('toColumns', () => {
  it('leaves a gap where a curve has no value at a step', () => {
    expect(
      toColumns([
        [
          [0, 1],
          [2, 3],
        ],
        [[2, 5]],
      ]),
    ).toEqual([
      [0, 2],
      [1, 3],
      [null, 5],
    ]);
  });
});
