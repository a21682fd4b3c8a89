import { readFile } from 'node:fs/promises';
import { expect, test } from '../../web/testing/harness';

test('workers tell device, slots and what they run, and follow events', async ({ page, signedIn }) => {
  await page.goto(`${signedIn.url}/workers`);
  const card = page.locator('[data-worker="w-1"]');
  await expect(card).toContainText('AMD EPYC 9454');
  await expect(card).toContainText('2 of 2 in use');
  await expect(page.locator('[data-worker="w-2"]')).toContainText('4 × NVIDIA H200 (CUDA), 139 GiB');
  const worker = signedIn.world.workers.find(({ id }) => id === 'w-1');
  signedIn.emit({
    type: 'worker',
    worker: { ...worker, state: 'offline', running: [], running_total: 0 },
  });
  await expect(card).toContainText('Offline');
  await expect(card).toContainText('0 of 2 in use');
});

test('SQL answers with a table and a CSV file', async ({ page, signedIn }) => {
  await page.goto(`${signedIn.url}/query`);
  await page.getByRole('textbox').press('Control+Enter');
  await expect(page.getByRole('heading', { name: '12 rows' })).toBeVisible();
  const waiting = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download CSV' }).click();
  const text = await readFile(await (await waiting).path(), 'utf8');
  expect(text.split('\r\n')[0]).toBe('ratio,steps_per_scale,fid,note');
  expect(text.split('\r\n')).toHaveLength(14);
});

test('a refused query says why', async ({ page, signedIn }) => {
  await page.goto(`${signedIn.url}/query`);
  await page.getByRole('textbox').fill('drop table jobs');
  await page.getByRole('button', { name: 'Run query' }).click();
  await expect(page.getByRole('alert')).toContainText('Only reading is allowed here');
});
