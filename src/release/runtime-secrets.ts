import type { KubeObject, ObjectRef } from '../kube/object.js';
import { recordedObjects } from './manifest-objects.js';
import type { Release } from './release.js';

interface PodVolumes {
  template?: { spec?: { volumes?: { secret?: { secretName?: string; optional?: boolean } }[] } };
}

/** What may be an object of a release. */
export interface Candidate {
  ref: ObjectRef;
  /** It is one only if it says so itself. */
  ifMarked: boolean;
}

/**
 * The webhook certificates of a release: the optional Secret volumes of its Deployments. In certificate mode `auto` they are made for
 * it, by this tool or by the components when they start. In the other modes they are cert-manager's or the user's own, unless this
 * tool made them of the user's files, and marked them; so they are where the mode cannot be read.
 */
export function runtimeSecrets(release: Release): Candidate[] {
  if (release.missing !== undefined) return [];
  const ifMarked = certificateMode(release) !== 'auto';
  return optionalSecrets(recordedObjects(release), release.namespace).map((ref) => ({ ref, ifMarked }));
}

/** The Secrets that Deployments mount where they exist. */
export function optionalSecrets(objects: readonly KubeObject[], namespace: string): ObjectRef[] {
  return objects
    .filter(({ kind }) => kind === 'Deployment')
    .flatMap(namesOfOptionalSecrets)
    .map((name) => ({ apiVersion: 'v1', kind: 'Secret', namespace, name }));
}

function namesOfOptionalSecrets(deployment: KubeObject): string[] {
  const volumes = (deployment['spec'] as PodVolumes | undefined)?.template?.spec?.volumes ?? [];
  return volumes.flatMap(({ secret }) =>
    secret?.optional === true && secret.secretName !== undefined ? [secret.secretName] : [],
  );
}

function certificateMode({ config, chart }: Release): unknown {
  const modeIn = (values: Record<string, unknown> | null): unknown =>
    (values?.['global'] as Record<string, unknown> | undefined)?.['certManagementMode'];
  return modeIn(config) ?? modeIn(chart.values) ?? 'auto';
}
