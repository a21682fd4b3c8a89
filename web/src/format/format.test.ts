import { describe, expect, it } from 'vitest';
import { toCsv } from './csv';
import { guidanceName, kindName, ratioName, stateName } from './names';
import {
  formatBytes,
  formatMeasured,
  formatMetric,
  formatPercent,
  formatPlain,
  formatRate,
  formatScore,
  shortHash,
} from './numbers';
import { formatAgo, formatDuration, formatRoughly, secondsBetween } from './times';

describe('numbers', () => {
  it('rounds a value to where its uncertainty begins', () => {
    expect(formatMeasured(12.3456, 0.234)).toBe('12.35 ± 0.23');
    expect(formatMeasured(312.4, 4.2)).toBe('312.4 ± 4.2');
    expect(formatMeasured(312.4, 42)).toBe('312 ± 42');
    expect(formatMeasured(1.5, 0)).toBe('1.50 ± 0.00');
    expect(formatMeasured(1.5, null)).toBe('1.50');
    expect(formatMeasured(null, 1)).toBe('–');
  });

  it('says 100 % only when everything is done', () => {
    expect(formatPercent(999, 1000)).toBe('99 %');
    expect(formatPercent(1000, 1000)).toBe('100 %');
    expect(formatPercent(0, 0)).toBe('–');
  });

  it('chooses units for rates and sizes', () => {
    expect(formatRate(1234.5)).toBe('1235/s');
    expect(formatRate(2.25)).toBe('2.3/s');
    expect(formatRate(0.05)).toBe('3.0/min');
    expect(formatRate(0.001)).toBe('3.6/h');
    expect(formatRate(0)).toBe('–');
    expect(formatBytes(512)).toBe('512 B');
    expect(formatBytes(1536)).toBe('1.5 KiB');
    expect(formatBytes(5 * 1024 ** 3)).toBe('5.0 GiB');
  });

  it('keeps metrics short', () => {
    expect(formatScore(3.14159)).toBe('3.14');
    expect(formatScore(0.12345)).toBe('0.123');
    expect(formatMetric(4096)).toBe('4,096');
    expect(formatMetric(0.123456)).toBe('0.1235');
    expect(formatPlain(0.1 + 0.2)).toBe('0.3');
    expect(shortHash('0123456789abcdef')).toBe('0123456789');
    expect(shortHash(null)).toBe('–');
  });
});

describe('times', () => {
  it('shows two units at most', () => {
    expect(formatDuration(0)).toBe('0 s');
    expect(formatDuration(59.6)).toBe('1 min');
    expect(formatDuration(125)).toBe('2 min 5 s');
    expect(formatDuration(3600)).toBe('1 h');
    expect(formatDuration(3 * 3600 + 12 * 60 + 5)).toBe('3 h 12 min');
    expect(formatDuration(2 * 86400 + 4 * 3600)).toBe('2 d 4 h');
    expect(formatDuration(null)).toBe('–');
  });

  it('rounds estimates', () => {
    expect(formatRoughly(3)).toBe('5 s');
    expect(formatRoughly(364)).toBe('6 min');
    expect(formatRoughly(18_130)).toBe('5 h');
    expect(formatRoughly(19_000)).toBe('5 h 20 min');
  });

  it('measures from a start to an end or to now', () => {
    const start = '2026-01-01T00:00:00Z';
    expect(secondsBetween(start, '2026-01-01T00:01:00Z', 0)).toBe(60);
    expect(secondsBetween(start, null, Date.parse(start) + 5000)).toBe(5);
    expect(secondsBetween(null, null, 0)).toBeNull();
    expect(formatAgo(start, Date.parse(start) + 2000)).toBe('just now');
    expect(formatAgo(start, Date.parse(start) + 3_700_000)).toBe('1 h ago');
  });
});

describe('names and CSV', () => {
  it('puts wire words into words, also unknown ones', () => {
    expect(kindName('train_model')).toBe('Train model');
    expect(kindName('measure_entropy')).toBe('Measure entropy');
    expect(ratioName('sqrt2')).toBe('√2');
    expect(ratioName('4')).toBe('4');
    expect(guidanceName(0)).toBe('none');
    expect(stateName('blocked')).toBe('Waiting');
    expect(stateName('unheard_of')).toBe('unheard_of');
  });

  it('quotes what needs quoting', () => {
    expect(
      toCsv(
        ['a', 'b'],
        [
          [1, 'x,"y"'],
          [null, { z: 1 }],
        ],
      ),
    ).toBe('a,b\r\n1,"x,""y"""\r\n,"{""z"":1}"\r\n');
  });
});
