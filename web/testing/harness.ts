/**
 * What browser tests share. They stand in tests/browser, outside this package, and import everything through here, so that
 * one node_modules serves both.
 */
import AxeBuilder from '@axe-core/playwright';
import { expect, test as base, type Locator, type Page } from '@playwright/test';
import { startMock } from '../mock/server.mjs';

export type Mock = Awaited<ReturnType<typeof startMock>>;

/** `mock`: a server of its own for each test. `page` is signed in to it when the test begins. */
export const test = base.extend<{ mock: Mock; signedIn: Mock }>({
  mock: async ({ browserName }, provide) => {
    expect(browserName).toBe('chromium');
    const mock = await startMock();
    await provide(mock);
    await mock.close();
  },
  signedIn: async ({ mock, page }, provide) => {
    await page.goto(mock.signIn);
    await provide(mock);
  },
});

export { expect, type Locator, type Page };

/** No finding of axe at WCAG 2.2 A and AA. */
export async function expectAccessible(page: Page): Promise<void> {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
  const findings = violations.map(
    ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`,
  );
  expect(findings).toEqual([]);
}

/** The page itself never scrolls sideways; wide tables do so in their own box. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const [content, window] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  expect(content).toBeLessThanOrEqual(window ?? 0);
}
