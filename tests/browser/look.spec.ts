// Every page: accessible in light and dark, no sideways scrolling at phone width, silent console.
import { expect, expectAccessible, expectNoSidewaysScroll, test } from '../../web/testing/harness';

const kPages = [
  { name: 'studies', path: '/', ready: 'Ten thousand no-ops' },
  { name: 'study', path: '/studies/s-demo', ready: 'Quality against steps' },
  { name: 'failed job', path: 'failed', ready: 'This job failed' },
  { name: 'running job', path: 'running', ready: 'Training curve' },
  { name: 'workers', path: '/workers', ready: 'hopper-01' },
  { name: 'SQL', path: '/query', ready: 'Run query' },
  { name: 'no page', path: '/nowhere', ready: 'Nothing is here' },
];

for (const { name, path, ready } of kPages) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`${name} is accessible and calm in ${colorScheme}`, async ({ page, mock }) => {
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(error.message));
      page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
      const job = mock.world.jobs.find(({ kind, state }) => kind === 'train_model' && state === path);
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.goto(mock.signIn);
      await page.goto(mock.url + (job ? `/jobs/${job.key}` : path));
      await expect(page.getByText(ready).first()).toBeVisible();
      await expect(page.locator('.skeleton')).toHaveCount(0);
      await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme);
      await expectAccessible(page);
      await page.setViewportSize({ width: 360, height: 740 });
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
      expect(errors).toEqual([]);
    });
  }
}

test('the theme can be chosen and is kept', async ({ page, signedIn }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await page.getByRole('button', { name: /^Theme: system/ }).click();
  await page.getByRole('button', { name: /^Theme: light/ }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.goto(`${signedIn.url}/workers`);
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});

test('the keyboard reaches content first by the skip link', async ({ page, signedIn }) => {
  await page.goto(`${signedIn.url}/workers`);
  await expect(page.getByRole('heading', { name: 'Workers' })).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('main')).toBeFocused();
});
