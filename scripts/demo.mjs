// `npm run demo`: installs Kthena into a throw-away control plane and shows how it is doing.
import { startControlPlane } from '../test/cluster/index.mjs';
import { KTHENA, prepareProject, run } from './setup.mjs';

prepareProject();
const cluster = await startControlPlane();
const kthena = (...args) => {
  console.log(`\n$ kthena ${args.join(' ')}`);
  run(process.execPath, [KTHENA, ...args], cluster.env);
};
kthena('install', '--set', 'workload.enabled=true');
kthena('status');
await cluster.stop();
