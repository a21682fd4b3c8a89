import { render, type ComponentChild } from 'preact';
import { afterEach, describe, expect, it } from 'vitest';
import { DataTable } from './data_table';
import { JobErrorNotice } from './notice';
import { StateBadge } from './state_badge';
import { StateBar } from './state_bar';

const root = document.createElement('div');
afterEach(() => render(null, root));

function draw(what: ComponentChild): HTMLElement {
  render(what, root);
  return root;
}

const rendered = () => new Promise((resolve) => setTimeout(resolve));
const firstCells = () => [...root.querySelectorAll('tbody th')].map((cell) => cell.textContent);

describe('components', () => {
  it('names a state in words, with a glyph that is not read aloud', () => {
    const badge = draw(<StateBadge state="failed" />);
    expect(badge.textContent).toContain('Failed');
    expect(badge.querySelector('[aria-hidden]')?.textContent).toBe('✕');
  });

  it('tells a bar in numbers', () => {
    const jobs = { total: 4, blocked: 0, queued: 1, running: 0, succeeded: 3, failed: 0, cancelled: 0 };
    const bar = draw(<StateBar jobs={jobs} label="Jobs" />).querySelector('[role=progressbar]');
    expect(bar?.getAttribute('aria-valuetext')).toBe('75 %, 3 of 4');
    expect(root.textContent).toContain('3 done');
  });

  it('says what, why and how to mend a failed job', () => {
    const error = { code: 'disk_full', message: 'no room', fix: 'make room', signal: null };
    const text = draw(<JobErrorNotice error={error} title="This job failed" />).textContent;
    expect(text).toContain('disk_full');
    expect(text).not.toContain('signal');
    expect(text).toContain('make room');
  });

  it('sorts all rows before it cuts them into pages', async () => {
    const rows = [3, 1, 2].map((value) => ({ value }));
    const columns = [
      {
        name: 'Value',
        sort: (row: { value: number }) => row.value,
        cell: (row: { value: number }) => row.value,
      },
    ];
    draw(
      <DataTable
        caption="Rows"
        columns={columns}
        rows={rows}
        rowKey={(row) => String(row.value)}
        pageSize={2}
      />,
    );
    expect(firstCells()).toEqual(['3', '1']);
    root.querySelector<HTMLButtonElement>('.sort')?.click();
    await rendered();
    expect(firstCells()).toEqual(['1', '2']);
    expect(root.querySelector('th[scope=col]')?.getAttribute('aria-sort')).toBe('ascending');
    [...root.querySelectorAll('button')].find((button) => button.textContent === 'Next')?.click();
    await rendered();
    expect(firstCells()).toEqual(['3']);
  });
});
