import preact from '@preact/preset-vite';
import { defineConfig } from 'vitest/config';

const coordinator = process.env.CHECKERLAB_URL ?? 'http://127.0.0.1:8765';

export default defineConfig({
  plugins: [preact({ devToolsEnabled: false, prefreshEnabled: false })],
  build: { outDir: 'dist', target: 'es2022', sourcemap: false, assetsInlineLimit: 0 },
  server: { host: '127.0.0.1', proxy: { '/api': coordinator, '/sign_in': coordinator } },
  test: { environment: 'happy-dom', include: ['src/**/*.test.{ts,tsx}'], pool: 'threads', maxWorkers: 1 },
});
