import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { programsFolder } from './cache.mjs';
import { goBuild, requireGo } from './go.mjs';
import { withLock } from './lock.mjs';
import { controlPlanePrograms, helmProgram } from './programs.mjs';

/** @typedef {import('./programs.mjs').Program} Program */

/**
 * Makes sure that all a control plane needs is built, which takes several minutes
 * the first time and nothing afterwards.
 *
 * @returns {Promise<string>} folder of the programs
 */
export function buildControlPlane() {
  return ensure(controlPlanePrograms());
}

/**
 * Makes sure that Helm is built.
 *
 * @param {(3 | 4)[]} majors
 * @returns {Promise<string>} folder of the programs, named `helm3` and `helm4`
 */
export function buildHelm(majors = [3, 4]) {
  return ensure(majors.map(helmProgram));
}

/** @param {Program[]} programs */
async function ensure(programs) {
  const given = process.env.KTHENA_TEST_ASSETS;
  const folder = given || programsFolder();
  const missing = () =>
    programs.filter((program) => startNames(program).some((name) => !existsSync(join(folder, name))));
  if (given && missing().length > 0) {
    const names = missing().flatMap(startNames).join(', ');
    throw new Error(`KTHENA_TEST_ASSETS is ${given}, which lacks ${names}. Add them, or unset it to have them built.`);
  }
  if (missing().length === 0) return folder;

  await mkdir(folder, { recursive: true });
  const onWait = (/** @type {number} */ holder) =>
    console.error(`Waiting for process ${holder}, which is building what the tests need…`);
  await withLock(join(folder, '.lock'), onWait, async () => {
    // What was missing before may have been built while waiting.
    for (const program of missing()) await buildInto(folder, program);
  });
  return folder;
}

/**
 * Builds beside `folder`'s programs and moves the outcome there: a build that is
 * killed leaves no half a program.
 *
 * @param {string} folder
 * @param {Program} program
 */
async function buildInto(folder, program) {
  await requireGo(program.module);
  for (const name of await readdir(folder)) {
    if (name.startsWith('.building-')) await rm(join(folder, name), { recursive: true, force: true });
  }
  const temporary = join(folder, `.building-${process.pid}`);
  await mkdir(temporary);
  await goBuild(program, join(temporary, program.output));
  await rename(join(temporary, program.output), join(folder, program.output));
  await rm(temporary, { recursive: true });
  for (const alias of program.aliases) {
    await rm(join(folder, alias), { force: true });
    await symlink(program.output, join(folder, alias));
  }
}

/**
 * @param {Program} program
 * @returns {string[]} the names it is started under
 */
function startNames(program) {
  return program.aliases.length > 0 ? program.aliases : [program.output];
}
