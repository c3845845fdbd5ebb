// `npm test`: sets up what the tests need, then runs all of them. Arguments go to vitest.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareProject, ROOT } from './setup.mjs';

prepareProject();
const folder = mkdtempSync(join(tmpdir(), 'kthena-tests-'));
const outputFile = join(folder, 'results.json');
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${outputFile}`];
const { status } = spawnSync('npx', ['vitest', 'run', ...reporters, ...process.argv.slice(2)], {
  cwd: ROOT,
  stdio: 'inherit',
});
try {
  const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(outputFile, 'utf8'));
  console.log(`${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`);
} finally {
  rmSync(folder, { recursive: true });
}
process.exitCode = status ?? 1;
