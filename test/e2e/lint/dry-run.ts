import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { load } from 'js-yaml';
import type { KubeObject } from '../../../src/kube/object.js';

interface Kubeconfig {
  clusters: { cluster: { 'certificate-authority-data': string } }[];
  users: { user: { 'client-certificate-data': string; 'client-key-data': string } }[];
}

const PLURALS: Readonly<Record<string, string>> = {
  ClusterRole: 'clusterroles',
  ClusterRoleBinding: 'clusterrolebindings',
  ConfigMap: 'configmaps',
  CustomResourceDefinition: 'customresourcedefinitions',
  Deployment: 'deployments',
  Namespace: 'namespaces',
  PodDisruptionBudget: 'poddisruptionbudgets',
  Secret: 'secrets',
  Service: 'services',
  ValidatingWebhookConfiguration: 'validatingwebhookconfigurations',
};
const NAMESPACED = new Set(['ConfigMap', 'Deployment', 'PodDisruptionBudget', 'Secret', 'Service']);

export interface Verdict {
  status: number;
  answer: string;
}

export interface DryRun {
  /**
   * What the API server says to a server-side apply that stores nothing, sent to `default` and to the object's own name.
   * Goes past the product's client on purpose: that one may refuse an object by itself.
   */
  apply(object: KubeObject): Promise<Verdict>;
  close(): void;
}

/** Kinds the control plane of the tests serves. */
export function isServed(object: KubeObject): boolean {
  return PLURALS[object.kind] !== undefined;
}

export function openDryRun({ server, kubeconfig }: { server: string; kubeconfig: string }): DryRun {
  const agent = adminAgent(kubeconfig);
  return { apply: (object) => apply(new URL(pathOf(object), server), object, agent), close: () => agent.destroy() };
}

function adminAgent(file: string): Agent {
  const { clusters, users } = load(readFileSync(file, 'utf8')) as Kubeconfig;
  const decode = (data: string) => Buffer.from(data, 'base64');
  const { user } = users[0]!;
  return new Agent({
    keepAlive: true,
    maxSockets: 4,
    ca: decode(clusters[0]!.cluster['certificate-authority-data']),
    cert: decode(user['client-certificate-data']),
    key: decode(user['client-key-data']),
  });
}

function pathOf({ apiVersion, kind, metadata }: KubeObject): string {
  const group = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const plural = PLURALS[kind]!;
  const folder = NAMESPACED.has(kind) ? `${group}/namespaces/default/${plural}` : `${group}/${plural}`;
  return `${folder}/${encodeURIComponent(metadata.name)}?dryRun=All&fieldManager=lint&fieldValidation=Strict`;
}

function apply(url: URL, object: KubeObject, agent: Agent): Promise<Verdict> {
  const headers = { 'content-type': 'application/apply-patch+yaml', accept: 'application/json' };
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'PATCH', agent, headers, timeout: 30_000 }, (response) => {
      let answer = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (answer += chunk));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, answer }));
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer to ${url.pathname}`)));
    outgoing.on('error', reject);
    outgoing.end(JSON.stringify(object));
  });
}
