// `npm test`: sets up what the tests need, then runs all of them. Arguments go to vitest.
import { prepareProject, run } from './setup.mjs';

prepareProject();
run('npx', ['vitest', 'run', ...process.argv.slice(2)]);
