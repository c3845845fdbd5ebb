import type { CheckReport } from '../../../src/actions/check.js';
import type { CheckId } from '../../../src/preflight/ids.js';
import type { CheckResult } from '../../../src/preflight/run.js';
import type { Cluster } from '../../cluster/index.mjs';
import { runKthena } from '../install/program.js';

/**
 * The result of one check of `kthena check`, as the built program prints it.
 *
 * @param args `--pre`, values, and whom to be
 */
export async function checkResult(cluster: Cluster, id: CheckId, ...args: string[]): Promise<CheckResult> {
  const { stdout, stderr } = await runKthena(['check', '-o', 'json', ...args], { env: cluster.env });
  if (stdout === '') throw new Error(stderr);
  const { checks } = JSON.parse(stdout) as Omit<CheckReport, 'results'> & { checks: CheckResult[] };
  const found = checks.find((check) => check.id === id);
  if (found === undefined) throw new Error(`there is no check ${id} in ${stdout}`);
  return found;
}
