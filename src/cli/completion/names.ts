import type { KubeClient } from '../../kube/client.js';
import { VERSION } from '../../version.js';
import type { Candidate } from './candidate.js';
import type { Position } from './position.js';

/** Names that only a kubeconfig, a cluster or the bundle knows. Every one of these may throw, and may take as long as it takes. */
export interface Names {
  contexts(): Promise<Candidate[]>;
  namespaces(): Promise<Candidate[]>;
  releases(): Promise<Candidate[]>;
  /** Of the release that the command line names. */
  revisions(): Promise<Candidate[]>;
  crds(): Promise<Candidate[]>;
  kinds(): Promise<Candidate[]>;
  templates(): Promise<Candidate[]>;
}

/** The cluster that the flags typed so far choose, and the built-in bundle. */
export function namesFor(
  { flags, args, command }: Position,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Names {
  const flag = (name: string): string | undefined => flags.get(name)?.at(-1);
  const standard = (name: string): string | undefined =>
    command.options.find(({ long }) => long === name)?.defaultValue as string | undefined;
  const namespace = flag('--namespace') ?? standard('--namespace') ?? 'default';
  const fromCluster = <T>(ask: (client: KubeClient) => Promise<T>): Promise<T> =>
    withClient(flags, environment, signal, ask);
  return {
    contexts: async () => {
      const { readKubeconfig } = await import('../../kube/kubeconfig-merge.js');
      const config = readKubeconfig(flag('--kubeconfig'), environment);
      return [...(config?.contexts ?? [])].map(([text, { cluster }]) => ({ text, description: cluster ?? '' }));
    },
    namespaces: () =>
      fromCluster(async (client) => {
        const found: Candidate[] = [];
        for await (const { metadata } of client.list({ apiVersion: 'v1', kind: 'Namespace' }))
          found.push({ text: metadata.name });
        return found;
      }),
    releases: () => fromCluster((client) => releasesIn(client, namespace)),
    revisions: () =>
      fromCluster((client) => revisionsOf(client, namespace, args[0] ?? String(releaseDefault(command)))),
    crds: async () => (await bundledCrds()).map(({ name, kind }) => ({ text: name, description: kind })),
    kinds: async () => (await bundledCrds()).map(({ name, kind }) => ({ text: kind, description: name })),
    templates: async () => {
      const { loadBuiltInBundle } = await import('../../bundle/built-in.js');
      return (await loadBuiltInBundle()).components.flatMap(({ templates }) =>
        templates.map(({ path }) => ({ text: path })),
      );
    },
  };
}

function releaseDefault(command: Position['command']): unknown {
  return command.registeredArguments.find((argument) => argument.name() === 'release')?.defaultValue;
}

async function withClient<T>(
  flags: Position['flags'],
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
  ask: (client: KubeClient) => Promise<T>,
): Promise<T> {
  const [{ loadConnection }, { createClient }, { connectionOptionsOf }] = await Promise.all([
    import('../../kube/kubeconfig.js'),
    import('../../kube/http-client.js'),
    import('../cluster.js'),
  ]);
  const flag = (name: string): string | undefined => flags.get(name)?.at(-1);
  const options = connectionOptionsOf({
    kubeconfig: flag('--kubeconfig'),
    kubeContext: flag('--kube-context'),
    kubeAsUser: flag('--kube-as-user'),
    kubeAsGroup: [...(flags.get('--kube-as-group') ?? [])],
    kubeApiserver: flag('--kube-apiserver'),
    kubeToken: flag('--kube-token'),
    kubeCaFile: flag('--kube-ca-file'),
  });
  // Whoever presses Tab is not to be asked for a password.
  const connection = await loadConnection({ ...options, asksNobody: true }, environment);
  const client = createClient(connection, { userAgent: `kthena/${VERSION} (completion)`, signal });
  try {
    return await ask(client);
  } finally {
    client.close();
  }
}

async function releasesIn(client: KubeClient, namespace: string): Promise<Candidate[]> {
  const [{ listReleases }, { isKthenaRelease }] = await Promise.all([
    import('../../release/list.js'),
    import('../../release/release.js'),
  ]);
  const { releases } = await listReleases(client, namespace);
  return releases
    .filter(isKthenaRelease)
    .map(({ name, version, info }) => ({ text: name, description: `revision ${version}, ${info.status}` }));
}

async function revisionsOf(client: KubeClient, namespace: string, release: string): Promise<Candidate[]> {
  const { ReleaseStore } = await import('../../release/store.js');
  const history = await new ReleaseStore(client, namespace).history(release);
  return history
    .reverse()
    .map(({ version, info }) => ({ text: String(version), description: `${info.status}: ${info.description ?? ''}` }));
}

async function bundledCrds(): Promise<{ name: string; kind: string }[]> {
  const { loadBuiltInBundle } = await import('../../bundle/built-in.js');
  const crds = await (await loadBuiltInBundle()).crds();
  return crds.map(({ object }) => ({
    name: object.metadata.name,
    kind: (object['spec'] as { names: { kind: string } }).names.kind,
  }));
}
