import type { Report } from './finding.js';
import { checkName, grammarProblem } from './grammar.js';
import { checkLabels, checkSelector } from './labels.js';
import { childOf, fieldPath, isMap, itemsOf, keyPath, textOf, type Node } from './node.js';
import { checkPodTemplate } from './pod.js';

/** Checks of what only one kind has; by kind, because no two API groups in use share one. */
export const KIND_CHECKS: ReadonlyMap<string, (object: Node, report: Report) => void> = new Map([
  ['ClusterRole', checkRules],
  ['ClusterRoleBinding', checkBinding],
  ['ConfigMap', checkDataKeys],
  ['CustomResourceDefinition', checkDefinitionName],
  ['Deployment', checkDeployment],
  ['MutatingWebhookConfiguration', checkWebhooks],
  ['PodDisruptionBudget', checkDisruptionBudget],
  ['Role', checkRules],
  ['RoleBinding', checkBinding],
  ['Secret', checkDataKeys],
  ['Service', checkService],
  ['ValidatingWebhookConfiguration', checkWebhooks],
]);

function checkDeployment(object: Node, report: Report): void {
  const spec = childOf(object, 'spec');
  const template = childOf(spec, 'template');
  if (isMap(spec.map.selector) && isMap(spec.map.template)) {
    const labels = childOf(childOf(template, 'metadata'), 'labels');
    checkSelector(childOf(spec, 'selector'), new Map(Object.entries(labels.map)), report);
  }
  checkPodTemplate(template, report);
}

function checkService(object: Node, report: Report): void {
  const spec = childOf(object, 'spec');
  checkLabels(childOf(spec, 'selector'), report);
  const ports = itemsOf(spec, 'ports');
  const needsPorts = isMap(object.map.spec) && spec.map.type !== 'ExternalName' && spec.map.clusterIP !== 'None';
  if (needsPorts && !hasItems(spec.map.ports)) report('spec.ports', 'must not be empty');
  const names = new Set<string>();
  for (const port of ports) {
    const name = textOf(port, 'name');
    const path = fieldPath(port.path, 'name');
    if (name === undefined) {
      if (ports.length > 1) report(path, 'is required where a Service has more than one port');
    } else {
      const problem = grammarProblem('label', name);
      if (problem !== undefined) report(path, problem);
      else if (names.has(name)) report(path, `${JSON.stringify(name)} must be unique among the Service's ports`);
      names.add(name);
    }
    checkName(port, 'targetPort', 'portName', report);
  }
}

function checkWebhooks(object: Node, report: Report): void {
  for (const webhook of itemsOf(object, 'webhooks')) {
    checkName(webhook, 'name', 'webhook', report);
    for (const field of ['namespaceSelector', 'objectSelector']) checkMatchLabels(childOf(webhook, field), report);
    const versions = webhook.map.admissionReviewVersions;
    if (hasItems(versions) && !versions.includes('v1') && !versions.includes('v1beta1')) {
      report(fieldPath(webhook.path, 'admissionReviewVersions'), 'must include v1 or v1beta1');
    }
    if (isMap(webhook.map.clientConfig)) checkClientConfig(childOf(webhook, 'clientConfig'), report);
  }
}

function checkClientConfig(config: Node, report: Report): void {
  const targets = ['service', 'url'].filter((key) => config.map[key] != null);
  if (targets.length !== 1) {
    report(config.path, `needs exactly one of service, url, has ${targets.join(', ') || 'none'}`);
  }
  const service = childOf(config, 'service');
  const path = textOf(service, 'path');
  if (path !== undefined && !path.startsWith('/')) {
    report(fieldPath(service.path, 'path'), `${JSON.stringify(path)} does not start with "/"`);
  }
}

function checkDataKeys(object: Node, report: Report): void {
  for (const field of ['data', 'binaryData', 'stringData']) {
    const { path, map } = childOf(object, field);
    for (const key of Object.keys(map)) {
      const problem = grammarProblem('dataKey', key);
      if (problem !== undefined) report(keyPath(path, key), problem);
    }
  }
}

function checkRules(object: Node, report: Report): void {
  for (const { path, map } of itemsOf(object, 'rules')) {
    if (hasItems(map.nonResourceURLs)) continue;
    for (const field of ['apiGroups', 'resources']) {
      if (!hasItems(map[field])) report(fieldPath(path, field), 'must not be empty in a rule without nonResourceURLs');
    }
  }
}

function checkBinding(object: Node, report: Report): void {
  const role = childOf(object, 'roleRef');
  checkName(role, 'name', 'pathSegment', report);
  if (object.map.kind === 'ClusterRoleBinding' && role.map.kind === 'Role') {
    report(fieldPath(role.path, 'kind'), 'a ClusterRoleBinding cannot refer to a Role');
  }
  for (const subject of itemsOf(object, 'subjects')) {
    if (subject.map.kind !== 'ServiceAccount') continue;
    checkName(subject, 'name', 'subdomain', report);
    if (textOf(subject, 'namespace') !== undefined) continue;
    report(fieldPath(subject.path, 'namespace'), 'is required for a ServiceAccount');
  }
}

function checkDisruptionBudget(object: Node, report: Report): void {
  const spec = childOf(object, 'spec');
  const { path, map } = spec;
  checkMatchLabels(childOf(spec, 'selector'), report);
  if (map.minAvailable != null && map.maxUnavailable != null) report(path, 'has both minAvailable and maxUnavailable');
}

function checkDefinitionName(object: Node, report: Report): void {
  const spec = childOf(object, 'spec');
  const plural = textOf(childOf(spec, 'names'), 'plural');
  const group = textOf(spec, 'group');
  const name = textOf(childOf(object, 'metadata'), 'name');
  if (plural === undefined || group === undefined || name === undefined || name === `${plural}.${group}`) return;
  report('metadata.name', `must be ${plural}.${group}, made of spec.names.plural and spec.group`);
}

function checkMatchLabels(selector: Node, report: Report): void {
  checkLabels(childOf(selector, 'matchLabels'), report);
}

function hasItems(value: unknown): value is unknown[] {
  return Array.isArray(value) && value.length > 0;
}
