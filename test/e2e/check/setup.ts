import { onTestFinished } from 'vitest';
import { prepare } from '../../../src/actions/prepare.js';
import { subjectOf } from '../../../src/actions/subject.js';
import { loadBuiltInBundle } from '../../../src/bundle/built-in.js';
import type { KubeClient } from '../../../src/kube/client.js';
import { createClient } from '../../../src/kube/http-client.js';
import { loadConnection } from '../../../src/kube/kubeconfig.js';
import type { Check, Subject } from '../../../src/preflight/check.js';
import { runChecks, type CheckResult } from '../../../src/preflight/run.js';
import type { Cluster } from '../../cluster/index.mjs';

/** A client for one test, as the administrator or as the user of another kubeconfig. */
export async function clientFor(cluster: Cluster, kubeconfig = cluster.kubeconfig): Promise<KubeClient> {
  const client = createClient(await loadConnection({ kubeconfig }), { userAgent: 'kthena/test' });
  onTestFinished(() => client.close());
  return client;
}

/** What `kthena install -n <namespace> --set …` would bring. */
export async function subjectIn(
  client: KubeClient,
  namespace: string,
  { set = [], ...parts }: { set?: readonly string[] } & Partial<Subject> = {},
): Promise<Subject> {
  const release = { name: 'kthena', namespace };
  const bundle = await loadBuiltInBundle();
  const none = { files: [], setString: [], setFile: [], setJson: [], setLiteral: [] };
  const prepared = await prepare(bundle, {
    release,
    values: { ...none, set: [...set] },
    skipSchemaValidation: false,
    readStdin: () => Promise.resolve(''),
  });
  const context = { client, now: () => new Date() };
  const policy = { createNamespace: true, wait: true, skipCrds: false, takeOwnership: false, forceConflicts: false };
  return { ...(await subjectOf(bundle, prepared, { release, history: [], ...policy }, context)), ...parts };
}

/** Makes one check alone; findings are as `kthena check` shows them, refusals of the API server included. */
export async function resultOf(check: Check, subject: Subject, client: KubeClient): Promise<CheckResult> {
  const context = { client, signal: new AbortController().signal, now: () => new Date() };
  const [result] = await runChecks([check], [], subject, context);
  return result!;
}
