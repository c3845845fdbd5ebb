import { refOf, type KubeObject, type ObjectRef } from '../kube/object.js';
import { mountedSecret, type PodSpec } from './pod-spec.js';
import { servedWebhooks, type CallingConfiguration, type CertificateMode } from './serving.js';

/** A certificate of a release: which Secret holds it, and what it is for. */
export interface CertificateUse {
  for: 'webhooks' | 'router';
  secret: ObjectRef;
  deployment: ObjectRef;
  mode: CertificateMode;
  /** Names that it must cover; none where its clients use whatever name they know. */
  names: string[];
  /** Whose caBundle has to trust it. */
  configurations: CallingConfiguration[];
  /** The port of the pods that serves it, where the objects tell. */
  podPort: number | undefined;
}

/** By it the router knows the certificate of the port that inference requests come to. */
const ROUTER_FLAG = '--tls-cert=';
const PORT_FLAG = '--port=';

/** All certificates that the objects of a release use. */
export function certificateUses(objects: readonly KubeObject[]): CertificateUse[] {
  const webhooks = servedWebhooks(objects).map(
    ({ secret, deployment, mode, serverName, configurations, podPort }): CertificateUse => ({
      for: 'webhooks',
      secret,
      deployment,
      mode,
      names: [serverName],
      configurations,
      podPort,
    }),
  );
  return [...webhooks, ...objects.flatMap((object) => routerUse(object, objects))];
}

function routerUse(object: KubeObject, objects: readonly KubeObject[]): CertificateUse[] {
  if (object.kind !== 'Deployment') return [];
  const pod = (object['spec'] as { template?: { spec?: PodSpec } } | undefined)?.template?.spec ?? {};
  const args = (pod.containers ?? []).flatMap((container) => container.args ?? []);
  const valueOf = (flag: string): string | undefined => args.find((arg) => arg.startsWith(flag))?.slice(flag.length);
  const file = valueOf(ROUTER_FLAG);
  const name = file === undefined ? undefined : mountedSecret(pod, file);
  const namespace = object.metadata.namespace;
  if (name === undefined || namespace === undefined) return [];
  const port = Number(valueOf(PORT_FLAG));
  return [
    {
      for: 'router',
      secret: { apiVersion: 'v1', kind: 'Secret', namespace, name },
      deployment: refOf(object),
      mode: objects.some((other) => makesSecret(other, namespace, name)) ? 'cert-manager' : 'manual',
      names: [],
      configurations: [],
      podPort: Number.isInteger(port) && port > 0 ? port : undefined,
    },
  ];
}

function makesSecret({ kind, metadata, spec }: KubeObject, namespace: string, name: string): boolean {
  const { secretName } = (spec ?? {}) as { secretName?: string };
  return kind === 'Certificate' && metadata.namespace === namespace && secretName === name;
}
