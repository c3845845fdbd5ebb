import { checkContainer, type PodContext } from './container.js';
import type { Report } from './finding.js';
import { checkName } from './grammar.js';
import { checkAnnotations, checkLabels } from './labels.js';
import { childOf, fieldPath, itemsOf, textOf, type Node } from './node.js';

/** Everything inside a pod template that refers to something else in it, and its names. */
export function checkPodTemplate(template: Node, report: Report): void {
  const metadata = childOf(template, 'metadata');
  checkLabels(childOf(metadata, 'labels'), report);
  checkAnnotations(childOf(metadata, 'annotations'), report);
  const spec = childOf(template, 'spec');
  checkLabels(childOf(spec, 'nodeSelector'), report);
  checkName(spec, 'serviceAccountName', 'subdomain', report);
  const context: PodContext = { volumes: volumeNames(spec, report), report };
  const initContainers = itemsOf(spec, 'initContainers');
  const containers = itemsOf(spec, 'containers');
  checkContainerNames(initContainers, containers, report);
  for (const container of [...initContainers, ...containers]) checkContainer(container, context);
}

function volumeNames(spec: Node, report: Report): Set<string> {
  const names = new Set<string>();
  for (const volume of itemsOf(spec, 'volumes')) {
    const name = textOf(volume, 'name');
    if (name === undefined) continue;
    names.add(name);
    checkName(volume, 'name', 'label', report);
    const sources = Object.keys(volume.map).filter((key) => key !== 'name' && volume.map[key] != null);
    if (sources.length === 0) report(volume.path, 'has no source, so that it becomes an emptyDir', 'warning');
    if (sources.length > 1) report(volume.path, `has more than one source: ${sources.join(', ')}`);
  }
  return names;
}

/** Repeated names within one list are the structure check's: here it is one name in both lists. */
function checkContainerNames(initContainers: readonly Node[], containers: readonly Node[], report: Report): void {
  const initNames = new Set(initContainers.map((container) => textOf(container, 'name')));
  for (const container of [...initContainers, ...containers]) checkName(container, 'name', 'label', report);
  for (const container of containers) {
    const name = textOf(container, 'name');
    if (name !== undefined && initNames.has(name)) {
      report(
        fieldPath(container.path, 'name'),
        `${JSON.stringify(name)} must be unique, but an init container has it too`,
      );
    }
  }
}
