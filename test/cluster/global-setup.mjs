import { buildHelm } from './build.mjs';
import { startControlPlane } from './start.mjs';

/**
 * For vitest's `globalSetup`: one control plane for all test files of a project,
 * which get at it with `connect(inject('cluster'))`. Helm is built here too: a
 * test that is the first to use it would run into its timeout.
 *
 * @param {import('vitest/node').TestProject} project
 * @returns {Promise<() => Promise<void>>} ends it
 */
export default async function setup(project) {
  await buildHelm();
  const { kubeconfig, server, caFile, dir, bin, stop } = await startControlPlane();
  project.provide('cluster', { kubeconfig, server, caFile, dir, bin });
  return stop;
}
