/** The background process of `cluster up`: starts a control plane and keeps it until SIGTERM. */
import { rename, rm, writeFile } from 'node:fs/promises';
import { stateFile } from './lasting.mjs';
import { startControlPlane } from './start.mjs';

try {
  const { kubeconfig, server, caFile, dir, bin, stop } = await startControlPlane();
  const state = { kubeconfig, server, caFile, dir, bin, pid: process.pid };
  await writeFile(`${stateFile()}.new`, JSON.stringify(state, null, 2));
  await rename(`${stateFile()}.new`, stateFile());

  const staying = setInterval(() => {}, 2 ** 30);
  process.once('SIGTERM', async () => {
    await rm(stateFile(), { force: true });
    await stop();
    clearInterval(staying);
  });
} catch (error) {
  console.error(/** @type {Error} */ (error).message);
  process.exitCode = 1;
}
