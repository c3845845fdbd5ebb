import type { UninstallResult } from '../actions/uninstall.js';
import { formatRef } from '../kube/object.js';
import { formatStructured, type StructuredFormat } from './structured.js';

export function presentUninstall(result: UninstallResult, format: 'text' | StructuredFormat): string {
  if (format !== 'text') {
    const { release, namespace: namespaceDeletion, ...rest } = result;
    return formatStructured(
      { ...release, ...rest, ...(namespaceDeletion === undefined ? {} : { namespaceDeletion }) },
      format,
    );
  }
  const { name, namespace } = result.release;
  switch (result.outcome) {
    case 'not-found':
      return `Release ${name} is not installed in namespace ${namespace}: nothing to do.\n`;
    case 'dry-run':
      return [
        `Dry run of uninstalling ${name} from namespace ${namespace}; nothing was deleted. It would delete:`,
        ...result.objects.map((ref) => `  ${formatRef(ref)}`),
        ...whatStays(result),
        '',
      ].join('\n');
    case 'uninstalled':
      return [
        `Release ${name} is uninstalled from namespace ${namespace}: ${result.objects.length} objects deleted.`,
        ...whatStays(result),
        ...(result.namespace === undefined
          ? []
          : [
              `Namespace ${namespace} is ${result.namespace.deleted ? 'deleted' : 'kept'}: ${result.namespace.reason}.`,
            ]),
        '',
      ].join('\n');
  }
}

function whatStays({ kept, crds }: UninstallResult): string[] {
  const lines = kept.map(({ ref, reason }) => `Kept ${formatRef(ref)}: it ${reason}.`);
  if (crds.length === 0) return lines;
  return [
    ...lines,
    'These CRDs stay, and with them the resources of their kinds:',
    ...crds.map(
      ({ name, kind, resources }) => `  ${name} (${resources} ${kind} ${resources === 1 ? 'resource' : 'resources'})`,
    ),
    'To remove them and lose those resources, after a backup: kthena crds delete',
  ];
}
