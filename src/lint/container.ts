import type { Report } from './finding.js';
import { checkName, grammarProblem } from './grammar.js';
import { nearestName } from './nearest.js';
import { childOf, fieldPath, isMap, itemsOf, keyPath, textOf, type Node } from './node.js';
import { parseQuantity } from './quantity.js';

export interface PodContext {
  /** Names of the pod's volumes. */
  volumes: ReadonlySet<string>;
  report: Report;
}

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'];
const HANDLERS = ['exec', 'grpc', 'httpGet', 'tcpSocket'];

/** Fields of a pod that a variable may take its value from, besides single labels and annotations. */
const POD_FIELDS: ReadonlySet<string> = new Set([
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
]);

/** Names in one container, and what they refer to: ports of probes, volumes of mounts, amounts of resources. */
export function checkContainer(container: Node, { volumes, report }: PodContext): void {
  checkName(container, 'image', 'image', report);
  const ports = portNames(container, report);
  for (const variable of itemsOf(container, 'env')) checkEnv(variable, report);
  for (const mount of itemsOf(container, 'volumeMounts')) {
    const name = textOf(mount, 'name');
    if (name === undefined || volumes.has(name)) continue;
    report(fieldPath(mount.path, 'name'), `there is no volume ${JSON.stringify(name)}`);
  }
  for (const probe of PROBES) {
    if (isMap(container.map[probe])) checkProbe(childOf(container, probe), ports, report);
  }
  const lifecycle = childOf(container, 'lifecycle');
  for (const hook of ['postStart', 'preStop']) checkHandlerPorts(childOf(lifecycle, hook), ports, report);
  checkResources(childOf(container, 'resources'), report);
}

function portNames(container: Node, report: Report): Set<string> {
  const names = new Set<string>();
  for (const port of itemsOf(container, 'ports')) {
    const name = textOf(port, 'name');
    if (name === undefined) continue;
    const path = fieldPath(port.path, 'name');
    const problem = grammarProblem('portName', name);
    if (problem !== undefined) report(path, problem);
    else if (names.has(name)) report(path, `${JSON.stringify(name)} must be unique among the container's ports`);
    names.add(name);
  }
  return names;
}

/** Variables of one name are the structure check's to report. */
function checkEnv(variable: Node, report: Report): void {
  const path = fieldPath(variable.path, 'name');
  const name = textOf(variable, 'name');
  if (name !== undefined && !/^[\x20-\x3c\x3e-\x7e]+$/.test(name)) {
    report(path, `${JSON.stringify(name)} is not a name of a variable: printable ASCII characters but "="`);
  } else if (name !== undefined && !/^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(name)) {
    // Feature gate RelaxedEnvironmentVariableValidation: on by default since 1.32.
    report(path, `${JSON.stringify(name)} is refused as a name of a variable by Kubernetes before 1.32`, 'warning');
  }
  if (!isMap(variable.map.valueFrom)) return;
  if (textOf(variable, 'value') !== undefined) report(variable.path, 'has both value and valueFrom');
  const from = childOf(variable, 'valueFrom');
  const sources = Object.keys(from.map).filter((key) => from.map[key] != null);
  if (sources.length !== 1) report(from.path, `needs exactly one source, has ${sources.join(', ') || 'none'}`);
  checkFieldPath(childOf(from, 'fieldRef'), report);
  for (const reference of ['configMapKeyRef', 'secretKeyRef']) {
    checkName(childOf(from, reference), 'name', 'subdomain', report);
    checkName(childOf(from, reference), 'key', 'dataKey', report);
  }
}

function checkFieldPath(fieldRef: Node, report: Report): void {
  const field = textOf(fieldRef, 'fieldPath');
  if (field === undefined || POD_FIELDS.has(field) || /^metadata\.(annotations|labels)\['.+'\]$/.test(field)) return;
  const nearest = nearestName(field, [...POD_FIELDS]);
  const hint = nearest === undefined ? '' : `, did you mean ${nearest}?`;
  report(fieldPath(fieldRef.path, 'fieldPath'), `${JSON.stringify(field)} is no field a variable may have${hint}`);
}

function checkProbe(probe: Node, ports: ReadonlySet<string>, report: Report): void {
  const handlers = HANDLERS.filter((handler) => probe.map[handler] != null);
  if (handlers.length !== 1) {
    report(probe.path, `needs exactly one of ${HANDLERS.join(', ')}, has ${handlers.join(', ') || 'none'}`);
  }
  checkHandlerPorts(probe, ports, report);
}

function checkHandlerPorts(handlers: Node, ports: ReadonlySet<string>, report: Report): void {
  for (const handler of ['httpGet', 'tcpSocket']) {
    const action = childOf(handlers, handler);
    const port = textOf(action, 'port');
    if (port === undefined) continue;
    const known = ports.size === 0 ? 'its ports have no names' : `its ports are ${[...ports].join(', ')}`;
    const missing = ports.has(port) ? undefined : `the container has no port ${JSON.stringify(port)}: ${known}`;
    const problem = grammarProblem('portName', port) ?? missing;
    if (problem !== undefined) report(fieldPath(action.path, 'port'), problem);
  }
}

/** Amounts that are no quantities are the structure check's to report. */
function checkResources(resources: Node, report: Report): void {
  const limits = childOf(resources, 'limits');
  const requests = childOf(resources, 'requests');
  for (const { path, map } of [limits, requests]) {
    for (const [name, amount] of Object.entries(map)) {
      if ((amountOf(amount) ?? 0n) < 0n) report(keyPath(path, name), `${String(amount)} is less than nothing`);
    }
  }
  for (const [name, request] of Object.entries(requests.map)) {
    const [wanted, limit] = [amountOf(request), amountOf(limits.map[name])];
    if (wanted !== undefined && limit !== undefined && wanted > limit) {
      report(keyPath(requests.path, name), `${String(request)} is more than the limit of ${String(limits.map[name])}`);
    }
  }
}

/** A null is nought to the server, not no amount: a limit of null refuses every request. */
function amountOf(amount: unknown): bigint | undefined {
  if (amount === null) return 0n;
  return typeof amount === 'string' || typeof amount === 'number' ? parseQuantity(String(amount)) : undefined;
}
