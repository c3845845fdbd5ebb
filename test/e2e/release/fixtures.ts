import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { KubeClient } from '../../../src/kube/client.js';
import { createClient } from '../../../src/kube/http-client.js';
import { loadConnection } from '../../../src/kube/kubeconfig.js';
import { newRelease, type NewRelease, type Release } from '../../../src/release/release.js';
import { connect, type Cluster, type RunCommand } from '../../cluster/index.mjs';

/** The control plane that all test files share, and a client for it. */
export async function shared(): Promise<{ cluster: Cluster; client: KubeClient }> {
  const cluster = connect(inject('cluster'));
  return { cluster, client: await clientOf(cluster.kubeconfig) };
}

export async function clientOf(kubeconfig: string): Promise<KubeClient> {
  return createClient(await loadConnection({ kubeconfig }), { userAgent: 'kthena/test' });
}

/** Standard output of a Helm command that succeeds, parsed as JSON. */
export async function json<T>(helm: RunCommand, args: string[]): Promise<T> {
  return JSON.parse(await text(helm, [...args, '-o', 'json'])) as T;
}

/** Standard output of a Helm command that succeeds. */
export async function text(helm: RunCommand, args: string[]): Promise<string> {
  const { stdout, stderr, code } = await helm(args);
  if (code !== 0) throw new Error(`helm ${args.join(' ')}: ${stderr}`);
  return stdout;
}

export const MANIFEST = `---
# Source: kthena/manifests/config.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data:
  greeting: grüß Gott
`;

export function sampleRelease(namespace: string, parts: Partial<NewRelease> = {}): Release {
  return newRelease({
    name: 'kthena',
    namespace,
    revision: 1,
    status: 'deployed',
    description: 'Install complete',
    chart: {
      name: 'kthena',
      version: '1.0.0',
      appVersion: '1.0.0',
      defaults: { workload: { enabled: true, controllerManager: { replicas: 1 } } },
    },
    config: { workload: { controllerManager: { replicas: 3 } } },
    manifest: MANIFEST,
    now: new Date(),
    ...parts,
  });
}

/** The folder of a tiny chart named kthena, with a hook, a values schema and scalars that YAML versions read differently. */
export async function tinyChart(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kthena-chart-'));
  await mkdir(join(folder, 'templates'));
  const files = {
    'Chart.yaml': 'apiVersion: v2\nname: kthena\nversion: 0.9.0\nappVersion: v0.9\ndescription: A tiny chart\n',
    'values.yaml': 'greeting: hello\nmode: 0644\nnested:\n  kept: true\n',
    'values.schema.json': '{"type":"object","properties":{"greeting":{"type":"string"}}}',
    'templates/config.yaml':
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}-settings\ndata:\n  greeting: {{ .Values.greeting | quote }}\n',
    'templates/empty.yaml': '{{ if false }}x: y{{ end }}\n',
    'templates/list.yaml':
      'apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: {{ .Release.Name }}-listed}\n  immutable: yes\n',
    'templates/hook.yaml':
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}-hook\n  annotations: {helm.sh/hook: pre-install}\n',
  };
  for (const [path, content] of Object.entries(files)) await writeFile(join(folder, path), content);
  return folder;
}
