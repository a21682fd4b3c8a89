// Against a real coordinator. CHECKERLAB_URL is a sign-in link (`checkerlab web`), CHECKERLAB_STUDY the id or name of a
// study with at least one finished model and one measured point.
import { expect, expectNoSidewaysScroll, test, type Page } from '../../web/testing/harness';

const link = process.env.CHECKERLAB_URL ?? '';
/** Where pictures of the pages are left, for the documentation; none are made without it. */
const pictures = process.env.CHECKERLAB_PICTURES;
const study = process.env.CHECKERLAB_STUDY ?? '';

async function ask<T>(page: Page, path: string): Promise<T> {
  const response = await page.request.get(new URL(path, link).href);
  expect(response.status(), path).toBe(200);
  return (await response.json()) as T;
}

async function picture(page: Page, name: string) {
  if (!pictures) return;
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme);
    await page.screenshot({ path: `${pictures}/${name}-${colorScheme}.png`, fullPage: name === 'study' });
  }
}

// One test: the sign-in link works once.
test('a person signs in, reads the study, a finished job and the workers', async ({ page }) => {
  expect(link, 'CHECKERLAB_URL must be a sign-in link').toContain('/sign_in?code=');
  expect(study, 'CHECKERLAB_STUDY must name a study').not.toBe('');
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));

  await page.goto(link);
  await expect(page.getByRole('heading', { name: 'Studies', exact: true })).toBeVisible();
  const detail = await ask<{ id: string; title: string; name: string; ratios: string[] }>(
    page,
    `/api/v1/studies/${study}`,
  );
  await page.locator(`a[href="/studies/${detail.id}"]`).click();
  await expect(page.getByRole('heading', { name: 'Quality against steps' })).toBeVisible();
  await picture(page, 'study');
  await readFigure(page, detail.id, detail.ratios);
  await page.setViewportSize({ width: 360, height: 740 });
  await expectNoSidewaysScroll(page);
  await page.setViewportSize({ width: 1280, height: 900 });
  await readJob(page, detail.id);
  await readWorkers(page);
  expect(errors).toEqual([]);
});

interface Figure {
  series: { ratio: string; points: { fid: number | null }[] }[];
}

async function readFigure(page: Page, id: string, ratios: string[]) {
  expect(ratios.length).toBeGreaterThan(0);
  const { series } = await ask<Figure>(page, `/api/v1/studies/${id}/figure`);
  for (const ratio of ratios) {
    await expect(page.locator(`[data-legend="${ratio}"]`)).toBeVisible();
    const measured = series
      .find((line) => line.ratio === ratio)
      ?.points.filter(({ fid }) => fid !== null).length;
    expect(measured, `points of ratio ${ratio}`).toBeGreaterThan(0);
    await expect(page.locator(`[data-metric="fid"] [data-ratio="${ratio}"] .mark`)).toHaveCount(
      measured ?? 0,
    );
  }
  await page.locator('[data-metric="fid"] .mark[tabindex="0"]').focus();
  const card = page.getByRole('tooltip');
  for (const text of ['FID', 'N, seed', 'Network', 'Reference', 'Evaluator', 'Code', 'Precision']) {
    await expect(card).toContainText(text);
  }
  await expect(page.getByRole('table', { name: 'Points of the study' })).toBeVisible();
}

async function readJob(page: Page, id: string) {
  const query = `study=${id}&kind=train_model&state=succeeded&limit=1`;
  const { items } = await ask<{ items: { key: string }[] }>(page, `/api/v1/jobs?${query}`);
  expect(items.length, 'finished train_model jobs').toBe(1);
  await page.goto(new URL(`/jobs/${items[0]?.key}`, link).href);
  await expect(page.locator('.curve canvas').first()).toBeVisible();
  await expect(page.locator('[data-curve="loss"]')).toHaveAttribute('data-points', /^[1-9]/);
  await picture(page, 'job');
  await expect(page.locator('.log-line').first()).toBeVisible();
  await expect(page.locator('[data-attempt]').last()).toContainText('Attempt 1');
  await expect(page.getByRole('region', { name: 'Outputs' })).toContainText('final loss');
}

async function readWorkers(page: Page) {
  const { items } = await ask<{ items: { id: string; name: string }[] }>(page, '/api/v1/workers');
  expect(items.length).toBeGreaterThan(0);
  await page.getByRole('link', { name: 'Workers' }).click();
  for (const worker of items) {
    await expect(page.locator(`[data-worker="${worker.id}"]`)).toContainText(worker.name);
  }
}
