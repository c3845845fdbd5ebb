import type { IncomingMessage, ServerResponse } from 'node:http';
import type { KubeObject } from '../../../src/kube/object.js';

/** On a resource: the webhook refuses it, with this message. */
export const DENY = 'test.kthena/deny';
/** What a mutating webhook leaves on a resource: the name of the pod that was called. */
export const MUTATED_BY = 'test.kthena/mutated-by';

/** One call of a webhook that arrived. */
export interface Call {
  path: string;
  kind: string;
  name: string;
  operation: string;
  dryRun: boolean;
  /** The pod that was called. */
  pod: string;
  /** SHA-256 of the certificate that the pod served. */
  fingerprint: string;
}

interface AdmissionRequest {
  uid: string;
  operation: string;
  dryRun?: boolean;
  kind: { kind: string };
  name: string;
  object: KubeObject;
}

/** Answers an AdmissionReview as a webhook of a component does, and the probe; tells each call. */
export async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { pod, fingerprint }: Pick<Call, 'pod' | 'fingerprint'>,
  tell: (call: Call) => void,
): Promise<void> {
  const path = new URL(request.url ?? '/', 'https://pod').pathname;
  if (path === '/healthz') return void response.end('ok');
  const { request: review } = JSON.parse(await textOf(request)) as { request: AdmissionRequest };
  const { uid, object, operation, dryRun = false } = review;
  tell({ path, kind: review.kind.kind, name: object.metadata.name, operation, dryRun, pod, fingerprint });
  response.setHeader('content-type', 'application/json');
  response.end(
    JSON.stringify({
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      response: { uid, ...verdict(path, object, pod) },
    }),
  );
}

function verdict(path: string, { metadata }: KubeObject, pod: string): object {
  const message = metadata.annotations?.[DENY];
  if (message !== undefined) return { allowed: false, status: { message } };
  if (!path.startsWith('/mutate/')) return { allowed: true };
  const annotations = { ...metadata.annotations, [MUTATED_BY]: pod };
  const patch = [{ op: 'add', path: '/metadata/annotations', value: annotations }];
  return {
    allowed: true,
    patchType: 'JSONPatch',
    patch: Buffer.from(JSON.stringify(patch)).toString('base64'),
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
