import { VERSION } from '../version.js';
import { maskDeep } from './mask.js';
import { yamlFile, type ReportFile, type Scope } from './report-file.js';
import { readAll } from './read.js';
import type { KubeObject } from '../kube/object.js';

/** Versions of this tool, of the API server and of the nodes, and whether the nodes can take pods. */
export async function* versionFiles(scope: Scope): AsyncGenerator<ReportFile> {
  const { client, unread } = scope;
  const server = await unread.attempt('the version of the API server', () => client.read('/version'));
  const tool = { kthena: VERSION, node: process.version, platform: `${process.platform}/${process.arch}` };
  yield yamlFile('versions.yaml', { tool, server: server ?? null });
  const nodes = await readAll(scope, 'the nodes', { apiVersion: 'v1', kind: 'Node' });
  if (nodes !== undefined) yield yamlFile('cluster/nodes.yaml', nodes.map(describeNode));
}

interface NodeParts {
  spec?: { taints?: unknown; unschedulable?: boolean };
  status?: {
    nodeInfo?: Record<string, string>;
    conditions?: { type: string; status: string; reason?: string; message?: string }[];
    allocatable?: Record<string, string>;
  };
}

/** Without addresses and names of images. */
function describeNode(node: KubeObject): unknown {
  const { spec, status } = node as NodeParts;
  const info = status?.nodeInfo ?? {};
  return maskDeep({
    name: node.metadata.name,
    kubelet: info['kubeletVersion'] ?? null,
    runtime: info['containerRuntimeVersion'] ?? null,
    system: [info['operatingSystem'], info['osImage'], info['kernelVersion'], info['architecture']].filter(Boolean),
    unschedulable: spec?.unschedulable ?? false,
    taints: spec?.taints ?? [],
    allocatable: status?.allocatable ?? {},
    conditions: (status?.conditions ?? []).map(({ type, status, reason, message }) => ({
      type,
      status,
      reason: reason ?? null,
      message: message ?? null,
    })),
  });
}
