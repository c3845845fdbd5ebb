import { load } from 'js-yaml';
import { posix } from 'node:path';
import { toYaml } from '../render/print.js';

export const KUSTOMIZATION = 'kustomization.yaml';

const HEADER =
  '# Written by kthena template --output-dir, which replaces it. Changes belong into a kustomization that refers to this folder.\n';

/** A `kustomization.yaml` that is made of these files, in this order. */
export function printKustomization(resources: readonly string[]): string {
  return HEADER + toYaml({ apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources });
}

/**
 * The files that an earlier run listed.
 *
 * @returns undefined where somebody else wrote this `kustomization.yaml`, or changed it since
 */
export function resourcesOf(text: string): string[] | undefined {
  if (!text.startsWith(HEADER)) return undefined;
  const resources = listedIn(text);
  return printKustomization(resources) === text && resources.every(isInside) ? resources : undefined;
}

function listedIn(text: string): string[] {
  try {
    const { resources } = load(text) as { resources?: unknown };
    return Array.isArray(resources) ? resources.map(String) : [];
  } catch {
    return [];
  }
}

/** Whoever can write the file could otherwise have this tool remove any other. */
function isInside(path: string): boolean {
  return path === posix.normalize(path) && !posix.isAbsolute(path) && !path.startsWith('..') && !path.includes('\\');
}
