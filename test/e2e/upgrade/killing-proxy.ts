import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cluster } from '../../cluster/index.mjs';
import { startKthena } from '../install/program.js';
import { FaultProxy } from '../kube/fault-proxy.js';

/** Kills the program at a write of its choice: before the API server has it, or when it is stored and the answer is on its way. */
export class KillingProxy {
  private constructor(
    private readonly proxy: FaultProxy,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  static async start(cluster: Cluster): Promise<KillingProxy> {
    const proxy = await FaultProxy.start(cluster);
    const kubeconfig = join(cluster.dir, 'killing-proxy.kubeconfig');
    writeFileSync(
      kubeconfig,
      readFileSync(cluster.kubeconfig, 'utf8').replaceAll(cluster.server, proxy.connection.server),
    );
    return new KillingProxy(proxy, { ...cluster.env, KUBECONFIG: kubeconfig });
  }

  /** How many writes a command makes. */
  async writesOf(args: readonly string[]): Promise<number> {
    let writes = 0;
    this.proxy.rule = ({ method, path }) => {
      if (isWrite(method, path)) writes++;
      return undefined;
    };
    const { code, stderr } = await startKthena(args, { env: this.env }).end;
    if (code !== 0) throw new Error(stderr);
    return writes;
  }

  /**
   * Runs a command and kills it at its nth write.
   *
   * @param stored whether the API server has done that write
   * @returns whether it came that far
   */
  async killAt(args: readonly string[], nth: number, stored: boolean): Promise<boolean> {
    let writes = 0;
    const { child, end } = startKthena(args, { env: this.env });
    this.proxy.rule = ({ method, path }) => {
      if (!isWrite(method, path) || ++writes < nth) return undefined;
      if (stored && writes === nth) {
        setTimeout(() => child.kill('SIGKILL'), 50);
        return { type: 'reset', afterwards: true };
      }
      // Nothing that it sends again gets through either.
      if (!stored) child.kill('SIGKILL');
      return { type: 'silence' };
    };
    const { code } = await end;
    return code === -1;
  }

  stop(): Promise<void> {
    return this.proxy.stop();
  }
}

function isWrite(method: string, path: string): boolean {
  return method !== 'GET' && !path.includes('dryRun=');
}
