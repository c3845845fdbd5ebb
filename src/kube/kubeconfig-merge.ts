import { homedir } from 'node:os';
import path from 'node:path';
import { KthenaError } from '../errors.js';
import { readKubeconfigFile, type Kubeconfig } from './kubeconfig-file.js';

type Environment = Record<string, string | undefined>;

/**
 * The kubeconfig of kubectl's rules: the file of the flag; else the files of KUBECONFIG, of which some may be missing; else
 * `~/.kube/config`. Undefined where there is none, or none with anything in it.
 * Throws KthenaError where the file of the flag does not exist, or a file is not a kubeconfig.
 */
export function readKubeconfig(flag: string | undefined, env: Environment): Kubeconfig | undefined {
  if (flag !== undefined) {
    const config = flag === '' ? undefined : readKubeconfigFile(flag);
    if (config !== undefined) return config;
    throw new KthenaError('usage', `--kubeconfig: the file ${flag === '' ? '""' : flag} does not exist.`);
  }
  const configs = kubeconfigFiles(env)
    .map(readKubeconfigFile)
    .filter((config) => config !== undefined);
  const merged = mergeKubeconfigs(configs);
  return merged.contexts.size + merged.clusters.size === 0 ? undefined : merged;
}

/** The files to look for when no flag names one. */
export function kubeconfigFiles(env: Environment): string[] {
  const files = (env['KUBECONFIG'] ?? '').split(path.delimiter).filter((file) => file !== '');
  return files.length > 0 ? files : [path.join(env['HOME'] ?? homedir(), '.kube', 'config')];
}

/** The first file that names a cluster, a user, a context or the current context wins, as a whole entry. */
export function mergeKubeconfigs(configs: readonly Kubeconfig[]): Kubeconfig {
  const merge = <T>(pick: (config: Kubeconfig) => Map<string, T>): Map<string, T> =>
    new Map([...configs].reverse().flatMap((config) => [...pick(config)]));
  return {
    files: configs.flatMap((config) => config.files),
    currentContext: configs.find((config) => config.currentContext !== undefined)?.currentContext,
    clusters: merge((config) => config.clusters),
    users: merge((config) => config.users),
    contexts: merge((config) => config.contexts),
  };
}
