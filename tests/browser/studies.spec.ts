import { expect, test } from '../../web/testing/harness';

test('the list shows states, progress and time left, and follows events', async ({ page, signedIn }) => {
  const card = page.locator('.study-card', { hasText: 'on procedural shapes' });
  await expect(card).toContainText('Running');
  await expect(card).toContainText('75 % of 161 jobs');
  await expect(card).toContainText('left');
  const study = signedIn.world.studies.find(({ id }) => id === 's-demo');
  const jobs = { ...study?.jobs, succeeded: 161, running: 0, blocked: 0 };
  signedIn.emit({
    type: 'study',
    study: { ...study, state: 'succeeded', jobs },
  });
  await expect(card).toContainText('Done');
  await expect(card).toContainText('100 % of 161 jobs');
});

test('a study that is submitted meanwhile appears by itself', async ({ page, signedIn }) => {
  await expect(page.locator('.study-card')).toHaveCount(4);
  const [first] = signedIn.world.studies;
  const study = {
    ...first,
    id: 's-new',
    name: 'fresh',
    title: 'A fresh study',
    created_at: new Date().toISOString(),
  };
  signedIn.emit({ type: 'study', study });
  await expect(page.locator('.study-card').first()).toContainText('A fresh study');
});

test('a study opens from the list, with its page at the top of the reading order', async ({
  page,
  signedIn,
}) => {
  await page.getByRole('link', { name: 'Ten thousand no-ops' }).click();
  await expect(page).toHaveURL(`${signedIn.url}/studies/s-many`);
  await expect(page.locator('main')).toBeFocused();
  await page.goBack();
  await expect(page.getByRole('heading', { name: 'Studies' })).toBeVisible();
});

test('signed out, the page tells what to run', async ({ page, mock }) => {
  await page.goto(mock.url);
  await expect(page.getByRole('heading', { name: 'Signed out' })).toBeVisible();
  await expect(page.getByText('checkerlab web')).toBeVisible();
});

test('a lost connection is told, and the page catches up afterwards', async ({ page, signedIn }) => {
  await expect(page.locator('.study-card')).toHaveCount(4);
  signedIn.setClosed(true);
  await expect(page.getByText('Connection lost')).toBeVisible();
  const study = signedIn.world.studies.find(({ id }) => id === 's-demo');
  if (study) study.title = 'Renamed while away';
  signedIn.setClosed(false);
  await expect(page.getByText('Renamed while away')).toBeVisible();
  await expect(page.getByText('Connection lost')).toHaveCount(0);
});

test('events of the pause are resumed by Last-Event-ID', async ({ page, signedIn }) => {
  await expect(page.locator('.study-card')).toHaveCount(4);
  const study = signedIn.world.studies.find(({ id }) => id === 's-fail');
  signedIn.emit({ type: 'study', study: { ...study, title: 'Heard before' } });
  await expect(page.getByText('Heard before')).toBeVisible();
  signedIn.dropStreams();
  signedIn.emit({
    type: 'study',
    study: { ...study, id: 's-later', title: 'Told in the pause' },
  });
  await expect(page.getByText('Told in the pause')).toBeVisible();
  expect(signedIn.resumed).toContain('1');
});
