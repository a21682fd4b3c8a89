// A study as a set: paused, run again, extended, archived, with its history and code versions.
import {
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
  test,
  type Mock,
  type Page,
} from '../../web/testing/harness';

async function openStudy(page: Page, url: string, id: string) {
  await page.goto(`${url}/studies/${id}`);
  await expect(page.getByRole('heading', { name: 'Jobs' })).toBeVisible();
}

/** The study is paused in the world, of which every answer from now on tells, and an event tells the page. */
function pauseElsewhere({ world, emit }: Mock): void {
  const study = Object.assign(world.studies.find(({ id }) => id === 's-demo') ?? {}, {
    paused: true,
    notice: 'Paused by somebody else.',
  });
  emit({ type: 'study', study });
}

test('pausing asks what becomes of running jobs, and resuming goes on', async ({ page, signedIn }) => {
  await openStudy(page, signedIn.url, 's-demo');
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('Nothing more is started');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Not now' }).click();
  await expect(page.getByRole('button', { name: 'Resume' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await dialog.getByLabel(/Stop them too/).check();
  await dialog.getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(page.locator('h1 + p')).toContainText('Paused');
  await expect(page.getByText('nothing more is started until the study is resumed')).toBeVisible();
  await page.goto(signedIn.url);
  await expect(page.locator('.study-card', { hasText: 'on procedural shapes' })).toContainText('Paused');
  await openStudy(page, signedIn.url, 's-demo');
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(page.locator('h1 + p')).not.toContainText('Paused');
});

test('a pause told by an event shows on an open page', async ({ page, signedIn }) => {
  await openStudy(page, signedIn.url, 's-demo');
  pauseElsewhere(signedIn);
  await expect(page.getByText('Paused by somebody else.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Resume' })).toBeVisible();
});

test('an answer written before an event does not undo what the event told', async ({ page, signedIn }) => {
  await openStudy(page, signedIn.url, 's-demo');
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  let asked = () => {};
  const written = new Promise<void>((resolve) => (asked = resolve));
  await page.route('**/api/v1/studies/s-demo', async (route) => {
    const response = await route.fetch();
    const body = { ...(await response.json()), title: 'An old answer' };
    asked();
    await held;
    await route.fulfill({ response, json: body });
  });
  signedIn.emit({ type: 'reset' });
  await written;
  pauseElsewhere(signedIn);
  await expect(page.getByText('Paused by somebody else.')).toBeVisible();
  release();
  await expect(page).toHaveTitle(/An old answer/);
  await expect(page.getByText('Paused by somebody else.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Resume' })).toBeVisible();
});

test('what failed runs again, and the page says what is left alone', async ({ page, signedIn }) => {
  await openStudy(page, signedIn.url, 's-fail');
  await page.getByRole('button', { name: 'Run 1 missing jobs again' }).click();
  await expect(page.getByText('1 jobs start afresh, 2 done jobs are left alone.')).toBeVisible();
  await expect(page.locator('h1 + p')).toContainText('Running');
});

test('a definition is compared before it is taken over, and has a history afterwards', async ({
  page,
  signedIn,
}) => {
  await openStudy(page, signedIn.url, 's-many');
  await page.getByText('Definition', { exact: true }).click();
  await page.getByRole('button', { name: 'Extend or shrink' }).click();
  const text = page.getByLabel('Definition (YAML)');
  await expect(page.getByRole('button', { name: /Take over/ })).toBeDisabled();
  await text.fill((await text.inputValue()).replace('1.0]', '1.0, 2.0]'));
  await page.getByRole('button', { name: 'Compare' }).click();
  const diff = page.locator('[data-diff]');
  await expect(diff).toContainText('3 jobs, 1 points');
  await expect(diff).toContainText('never asked for before');
  await expect(diff.locator('[data-change="added"]')).toContainText('guidance 2');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Take over 3 changes' }).click();
  await expect(page.getByText('revision 2, as submitted')).toBeVisible();
  const first = page.locator('[data-revision="2"]');
  await first.locator('summary').click();
  await expect(first).toContainText('2.0]');
  await first.getByRole('button', { name: 'What changed' }).click();
  await expect(first.locator('[data-diff]')).toContainText('Added');
  await page.setViewportSize({ width: 360, height: 740 });
  await expectNoSidewaysScroll(page);
});

test('removing jobs asks first', async ({ page, signedIn }) => {
  await openStudy(page, signedIn.url, 's-demo');
  await page.getByText('Definition', { exact: true }).click();
  await page.getByRole('button', { name: 'Extend or shrink' }).click();
  const text = page.getByLabel('Definition (YAML)');
  await text.fill((await text.inputValue()).replace('0.5, ', ''));
  await page.getByRole('button', { name: 'Compare' }).click();
  await page.getByRole('button', { name: 'Take over 3 changes' }).click();
  await expect(page.getByRole('dialog')).toContainText('2 of them are not done');
  await page.getByRole('button', { name: 'Keep it' }).click();
  await expect(page.getByText('as submitted')).not.toContainText('revision');
});

test('a change made elsewhere is refused, and the page says so', async ({ page, signedIn }) => {
  await openStudy(page, signedIn.url, 's-done');
  await page.getByText('Definition', { exact: true }).click();
  await page.getByRole('button', { name: 'Extend or shrink' }).click();
  await page.getByRole('button', { name: 'Compare' }).click();
  const study = signedIn.world.studies.find(({ id }) => id === 's-done');
  if (study) study.revision = 5;
  await page.getByRole('button', { name: 'Take over this text' }).click();
  await expect(page.getByRole('alert')).toContainText('the study is at revision 5 now');
});

test('an archived study leaves the list and is found in the archive', async ({ page, signedIn }) => {
  await openStudy(page, signedIn.url, 's-done');
  await page.getByRole('button', { name: 'Archive', exact: true }).click();
  await expect(page.locator('h1 + p')).toContainText('Archived');
  await page.getByRole('link', { name: 'Studies' }).first().click();
  await expect(page.locator('.study-card')).toHaveCount(3);
  await page.getByRole('radio', { name: 'Archived' }).check({ force: true });
  await expect(page.locator('.study-card')).toHaveCount(1);
  await page.getByRole('link', { name: 'Shapes at 32 × 32' }).click();
  await page.getByRole('button', { name: 'Take out of the archive' }).click();
  await expect(page.locator('h1 + p')).not.toContainText('Archived');
});

test('curves of several code versions are pointed out', async ({ page, signedIn }) => {
  await openStudy(page, signedIn.url, 's-done');
  await expect(page.getByRole('region', { name: 'Code versions' })).toContainText(
    'The curve of ratio √2 mixes 0.1.0 and 0.2.0.',
  );
  await openStudy(page, signedIn.url, 's-demo');
  await expect(page.getByRole('heading', { name: 'Code versions' })).toHaveCount(0);
});
