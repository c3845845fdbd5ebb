import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // A file of the cluster tests may start a control plane of its own; two cores do not bear many.
    maxWorkers: 2,
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 30_000, hookTimeout: 30_000 } },
      { test: { name: 'golden', include: ['test/golden/**/*.test.ts'], testTimeout: 30_000 } },
      {
        test: {
          name: 'cluster',
          include: ['test/e2e/**/*.test.ts', 'test/cluster/**/*.test.{ts,mjs}'],
          globalSetup: ['test/cluster/global-setup.mjs'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          // On a busy machine a control plane may miss a beat; what fails three times is broken.
          retry: process.env['CI'] === undefined ? 0 : 2,
        },
      },
    ],
  },
});
