import { render } from 'preact';
import { afterEach, describe, expect, it } from 'vitest';
import { ApiError } from '../api/client';
import type { Action } from './use_action';
import { useAction } from './use_action';

const root = document.createElement('div');
afterEach(() => render(null, root));

let action: Action;
function Probe() {
  action = useAction();
  return <p>{action.busy ? 'busy' : (action.problem?.detail ?? 'idle')}</p>;
}
const rendered = () => new Promise((resolve) => setTimeout(resolve));

describe('useAction', () => {
  it('is busy until the work is done', async () => {
    render(<Probe />, root);
    let finish = () => {};
    const done = action.run(() => new Promise((resolve) => (finish = resolve)));
    await rendered();
    expect(root.textContent).toBe('busy');
    finish();
    expect(await done).toBe(true);
    await rendered();
    expect(root.textContent).toBe('idle');
  });

  it('keeps the problem of a refused request, and forgets it at the next try', async () => {
    render(<Probe />, root);
    const problem = { type: 't', title: 'Conflict', status: 409, detail: 'the study is over', fix: '' };
    expect(await action.run(() => Promise.reject(new ApiError(problem)))).toBe(false);
    await rendered();
    expect(root.textContent).toBe('the study is over');
    expect(await action.run(() => Promise.resolve())).toBe(true);
    await rendered();
    expect(root.textContent).toBe('idle');
  });
});
