import { defineConfig } from '@playwright/test';

/** Against a coordinator (CHECKERLAB_URL: a sign-in link, CHECKERLAB_STUDY: a study of it) only real.spec.ts runs; else all others do. */
const real = process.env.CHECKERLAB_URL !== undefined;

export default defineConfig({
  testDir: '../tests/browser',
  outputDir: '../tests/browser/results',
  testMatch: real ? 'real.spec.ts' : '*.spec.ts',
  testIgnore: real ? [] : ['real.spec.ts'],
  timeout: real ? 120_000 : 90_000,
  expect: { timeout: 15_000 },
  workers: 1,
  retries: 0,
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    viewport: { width: 1280, height: 900 },
    locale: 'en-GB',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.CHECKERLAB_CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
