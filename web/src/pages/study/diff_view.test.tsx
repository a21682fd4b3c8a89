import { render } from 'preact';
import { afterEach, describe, expect, it } from 'vitest';
import type { StudyDiff } from '../../api/types';
import { DiffView } from './diff_view';

const root = document.createElement('div');
afterEach(() => render(null, root));

const kDiff: StudyDiff = {
  from: { study: 'demo', id: 's', revision: 1 },
  to: { study: 'demo', id: null, revision: null },
  added: { jobs: 3, points: 1 },
  removed: { jobs: 0, points: 0 },
  shared: { jobs: 1200, points: 48 },
  jobs_new: 2,
  jobs_done: 1,
  jobs_cancelled: 0,
  shared_with: [{ id: 's2', name: 'other', jobs: 7 }],
  items: [
    { key: 'a'.repeat(64), kind: 'score_point', label: 'guidance 2', change: 'added', state: 'new' },
    { key: 'b'.repeat(64), kind: 'evaluate_shard', label: 'a shard', change: 'added', state: 'succeeded' },
  ],
  truncated: false,
};

describe('the difference of two sets', () => {
  it('tells counts, what is done already, and who shares', () => {
    render(<DiffView diff={kDiff} />, root);
    expect(root.textContent).toContain('3 jobs, 1 points (1 done already, 2 never asked for before)');
    expect(root.querySelector('a')?.getAttribute('href')).toBe('/studies/s2');
  });

  it('lists points where there are any, else jobs', () => {
    render(<DiffView diff={kDiff} />, root);
    expect(root.textContent).not.toContain('a shard');
    render(<DiffView diff={{ ...kDiff, added: { jobs: 3, points: 0 } }} />, root);
    expect(root.textContent).toContain('a shard');
  });

  it('says when there is more', () => {
    render(<DiffView diff={{ ...kDiff, truncated: true }} />, root);
    expect(root.textContent).toContain('… and more');
  });
});
