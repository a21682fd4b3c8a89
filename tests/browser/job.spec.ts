import { expect, test } from '../../web/testing/harness';

type World = { jobs: { key: string; kind: string; state: string }[] };

function keyOf({ jobs }: World, kind: string, state: string): string {
  const job = jobs.find((candidate) => candidate.kind === kind && candidate.state === state);
  if (!job) throw new Error(`the fixtures have no ${state} ${kind}`);
  return job.key;
}

test('a failed job says what, why and what to do, and lists its attempts', async ({ page, signedIn }) => {
  await page.goto(`${signedIn.url}/jobs/${keyOf(signedIn.world, 'train_model', 'failed')}`);
  const error = page.getByRole('group', { name: 'This job failed' });
  for (const text of ['out_of_memory', 'signal 9', 'the runner was killed', 'Lower model.train.batch']) {
    await expect(error).toContainText(text);
  }
  await error.getByText('Last log lines').click();
  await expect(error).toContainText('step 212');
  await expect(page.locator('[data-attempt]')).toHaveCount(3);
  await expect(page.locator('[data-attempt]').first()).toContainText('Attempt 3');
});

test('a job that studies share names them all', async ({ page, signedIn }) => {
  const key = keyOf(signedIn.world, 'train_model', 'failed');
  await page.route(`**/api/v1/jobs/${key}`, async (route) => {
    const response = await route.fetch();
    await route.fulfill({
      response,
      json: { ...(await response.json()), studies: ['s-fail', 's-demo', 's-many'] },
    });
  });
  await page.goto(`${signedIn.url}/jobs/${key}`);
  const crumbs = page.getByRole('navigation', { name: 'Breadcrumb' });
  for (const name of ['cifar10-small', 'demo', 'benchmark']) {
    await expect(crumbs.getByRole('link', { name, exact: true })).toBeVisible();
  }
});

test('a running job draws its curve and follows curve, log and progress', async ({ page, signedIn }) => {
  const key = keyOf(signedIn.world, 'train_model', 'running');
  await page.goto(`${signedIn.url}/jobs/${key}`);
  await expect(page.locator('.curve canvas').first()).toBeVisible();
  await expect(page.locator('[data-curve="loss"]')).toHaveAttribute('data-points', '37');
  signedIn.emit({
    type: 'curve',
    key,
    attempt: 1,
    points: [{ series: 'loss', step: 380, value: 1.25 }],
  });
  await expect(page.locator('[data-curve="loss"]')).toContainText('1.25 at step 380');
  const time = new Date().toISOString();
  const line = {
    seq: 1000,
    attempt: 1,
    time,
    level: 'warning',
    text: 'fresh from the worker',
  };
  signedIn.emit({ type: 'log', key, lines: [line] });
  await expect(page.getByRole('log')).toContainText('warning: fresh from the worker');
  const progress = {
    done: 540,
    total: 600,
    unit: 'steps',
    message: 'nearly there',
  };
  signedIn.emit({ type: 'progress', key, attempt: 1, progress });
  await expect(page.getByRole('region', { name: 'Progress' })).toContainText('90 %');
});

test('the log follows its end until one scrolls up', async ({ page, signedIn }) => {
  await page.goto(`${signedIn.url}/jobs/${keyOf(signedIn.world, 'train_model', 'running')}`);
  const log = page.getByRole('log');
  await log.scrollIntoViewIfNeeded();
  await expect(log.getByText('step 600 of 600')).toBeInViewport();
  await log.evaluate((element) => element.scrollTo(0, 0));
  await page.getByRole('button', { name: 'Follow the newest' }).click();
  await expect(log.getByText('step 600 of 600')).toBeInViewport();
});

test('another attempt brings the list of attempts up to date', async ({ page, signedIn }) => {
  const job = signedIn.world.jobs.find(({ kind, state }) => kind === 'train_model' && state === 'running');
  await page.goto(`${signedIn.url}/jobs/${job?.key}`);
  await expect(page.locator('[data-attempt]')).toHaveCount(1);
  if (job) job.attempts = 2;
  signedIn.emit({ type: 'job', job });
  await expect(page.locator('[data-attempt]')).toHaveCount(2);
});

test('a sample grid shows its picture; inputs and outputs are links; the spec is there', async ({
  page,
  signedIn,
}) => {
  await page.goto(`${signedIn.url}/jobs/${keyOf(signedIn.world, 'sample_grid', 'succeeded')}`);
  const picture = page.getByRole('img', { name: /^Samples/ });
  await expect(picture).toBeVisible();
  expect(await picture.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBe(128);
  await expect(page.getByRole('link', { name: 'Download PNG' })).toHaveAttribute('href', /name=grid\.png/);
  await expect(page.getByRole('region', { name: 'Outputs' })).toContainText('final loss');
  await page.getByText('what the key is the hash of').click();
  await expect(page.getByText('"recipe": 1')).toBeVisible();
  await page.getByRole('link', { name: 'tokenizer' }).click();
  await expect(page.getByRole('heading', { name: 'Train tokenizer' })).toBeVisible();
});
