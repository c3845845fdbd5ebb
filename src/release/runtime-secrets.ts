import type { KubeObject, ObjectRef } from '../kube/object.js';
import { objectsOf } from './manifest.js';
import type { Release } from './release.js';

interface PodVolumes {
  template?: { spec?: { volumes?: { secret?: { secretName?: string; optional?: boolean } }[] } };
}

/**
 * Secrets that the components of a release make when they start: their webhook certificates, in certificate mode `auto`.
 * No manifest lists them; they are the optional Secret volumes of the release's Deployments. In the other modes
 * the Secrets are cert-manager's or the user's own, and are left alone; so they are where the mode cannot be read.
 */
export function runtimeSecrets(release: Release): ObjectRef[] {
  if (release.missing !== undefined || certificateMode(release) !== 'auto') return [];
  return optionalSecrets(objectsOf(release.manifest), release.namespace);
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
