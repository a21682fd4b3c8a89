import { expect, test, type Locator, type Page } from '../../web/testing/harness';

async function openStudy(page: Page, url: string, id: string) {
  await page.goto(`${url}/studies/${id}`);
  await expect(page.getByRole('heading', { name: 'Jobs' })).toBeVisible();
}

/** Marks may lie so close that they cover each other; the page takes the one nearest to the pointer. */
async function pointAt(page: Page, mark: Locator) {
  await mark.scrollIntoViewIfNeeded();
  const symbol = await mark.locator('.symbol').boundingBox();
  if (!symbol) throw new Error('the mark is not drawn');
  await page.mouse.move(symbol.x + symbol.width / 2, symbol.y + symbol.height / 2);
}

test('the figure has a line per ratio in both panels and can be read against total steps', async ({
  page,
  signedIn,
}) => {
  await openStudy(page, signedIn.url, 's-done');
  for (const ratio of ['sqrt2', '2', '4', 'single']) {
    await expect(page.locator(`[data-legend="${ratio}"]`)).toBeVisible();
    for (const metric of ['fid', 'inception_score']) {
      await expect(page.locator(`[data-metric="${metric}"] [data-ratio="${ratio}"] .mark`)).toHaveCount(4);
      await expect(page.locator(`[data-metric="${metric}"] [data-ratio="${ratio}"] .error-bar`)).toHaveCount(
        4,
      );
    }
  }
  const panel = page.locator('[data-metric="fid"] svg');
  await expect(panel).toHaveAttribute('aria-label', 'FID against steps per scale');
  await page.getByRole('radio', { name: 'Total steps' }).check({ force: true });
  await expect(panel).toHaveAttribute('aria-label', 'FID against total steps');
});

test('a mark shows its number with its identity, by pointer and by keyboard', async ({ page, signedIn }) => {
  await openStudy(page, signedIn.url, 's-done');
  const marks = page.locator('[data-metric="fid"] [data-ratio="sqrt2"] .mark');
  await pointAt(page, marks.first());
  const card = page.getByRole('tooltip');
  for (const text of [
    'Ratio √2',
    '±',
    'N, seed',
    '500, 0',
    'Network',
    'Reference',
    'metric-network-1',
    'fp32',
  ]) {
    await expect(card).toContainText(text);
  }
  await page.mouse.move(0, 0);
  await expect(card).toHaveCount(0);
  await page.locator('[data-metric="fid"] .mark[tabindex="0"]').focus();
  await page.keyboard.press('ArrowRight');
  await expect(card).toContainText('2 per scale');
  await page.keyboard.press('ArrowDown');
  await expect(card).toContainText('Ratio 2');
  await expect(page.locator('[data-metric="fid"] [data-ratio="2"] .mark').nth(1)).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(card).toHaveCount(0);
});

test('the figure fills as points are measured', async ({ page, signedIn }) => {
  await openStudy(page, signedIn.url, 's-demo');
  await expect(page.locator('[data-legend="single"]')).toContainText('not yet');
  const point = signedIn.world.points.get('s-demo')?.find(({ ratio }) => ratio === 'single');
  const measured = signedIn.world.points.get('s-done')?.find(({ ratio }) => ratio === 'single');
  if (!point || !measured) throw new Error('the fixtures have no single-scale point');
  Object.assign(point, {
    ...measured,
    score_key: point.score_key,
    model_key: point.model_key,
  });
  signedIn.emit({ type: 'point', study: 's-demo', point });
  await expect(page.locator('[data-metric="fid"] [data-ratio="single"] .mark')).toHaveCount(1);
  await expect(page.locator('[data-legend="single"]')).not.toContainText('not yet');
});

test('one guidance can be looked at alone', async ({ page, signedIn }) => {
  await openStudy(page, signedIn.url, 's-done');
  const mark = page.locator('[data-metric="fid"] [data-ratio="4"] .mark').first();
  await expect(mark).toHaveAttribute('aria-label', /guidance 0\.5/);
  await page.getByLabel('Guidance', { exact: true }).selectOption('1');
  await expect(mark).toHaveAttribute('aria-label', /guidance 1,/);
});

test('points sort by any column', async ({ page, signedIn }) => {
  await openStudy(page, signedIn.url, 's-done');
  const table = page.getByRole('table', { name: 'Points of the study' });
  await table.getByRole('button', { name: 'FID' }).click();
  await expect(table.getByRole('columnheader', { name: 'FID' })).toHaveAttribute('aria-sort', 'ascending');
  await expect(table.locator('tbody tr').first()).toContainText('8.23 ± 0.33');
  await table.getByRole('button', { name: 'FID' }).click();
  await expect(table.getByRole('columnheader', { name: 'FID' })).toHaveAttribute('aria-sort', 'descending');
});

test('ten thousand jobs come in pages, failed ones first, and can be filtered', async ({
  page,
  signedIn,
}) => {
  await openStudy(page, signedIn.url, 's-many');
  const rows = page.locator('[data-job]');
  await expect(rows).toHaveCount(20);
  await expect(rows.first()).toContainText('Failed');
  await expect(rows.first()).toContainText('the runner was killed');
  await page.getByRole('button', { name: 'Next' }).click();
  await expect(page.getByText('Jobs 21 to 40')).toBeVisible();
  await page.getByLabel('State', { exact: true }).selectOption('failed');
  await expect(rows).toHaveCount(11);
  await page.getByLabel('State', { exact: true }).selectOption('cancelled');
  await expect(page.getByText('No job is like this')).toBeVisible();
});

test('rows of jobs follow their events', async ({ page, signedIn }) => {
  await openStudy(page, signedIn.url, 's-demo');
  const job = signedIn.world.jobs.find(({ kind, state }) => kind === 'train_model' && state === 'running');
  const row = page.locator(`[data-job="${job?.key}"]`);
  await expect(row).toContainText('62 %');
  const progress = { done: 480, total: 600, unit: 'steps', message: '' };
  signedIn.emit({ type: 'progress', key: job?.key, attempt: 1, progress });
  await expect(row).toContainText('80 %');
  signedIn.emit({
    type: 'job',
    job: { ...job, state: 'succeeded', progress: null },
  });
  await expect(row).toContainText('Done');
});

test('cancelling asks first, and Escape means no', async ({ page, signedIn }) => {
  await openStudy(page, signedIn.url, 's-demo');
  await page.getByRole('button', { name: 'Cancel study' }).click();
  await expect(page.getByRole('dialog')).toContainText('What is measured stays');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.getByRole('button', { name: 'Cancel study' }).click();
  await page.getByRole('button', { name: /Cancel \d+ jobs/ }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.locator('h1 + p')).toContainText('Cancelled');
  await expect(page.getByRole('button', { name: 'Cancel study' })).toHaveCount(0);
});

test('a chart whose code is gone says so', async ({ page, signedIn }) => {
  await page.route('**/assets/figure-*.js', (route) => route.abort());
  await openStudy(page, signedIn.url, 's-done');
  await expect(page.getByText('Reload the page to see it')).toBeVisible();
});

test('an unknown study is told as the coordinator tells it', async ({ page, signedIn }) => {
  await page.goto(`${signedIn.url}/studies/none`);
  await expect(page.getByRole('alert')).toContainText('There is no study “none”');
  await expect(page.getByText('Connection lost')).toHaveCount(0);
});
