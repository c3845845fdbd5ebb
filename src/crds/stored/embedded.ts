import type { Schema } from '../compare/crd.js';
import type { Steps } from './place.js';
import { follow, planFor } from './plan.js';

export interface Embedded {
  steps: Steps;
  message: string;
}

type JsonMap = Record<string, unknown>;

const API_VERSION = /^[^/\s]+(?:\/[^/\s]+)?$/;
const KIND = /^[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?$/i;

/** Checks what the API server asks of a resource inside a resource: an apiVersion, a kind, metadata that is a map. */
export function embeddedResourceChecker(schema: Schema): (resource: object) => Embedded[] {
  const plan = planFor(schema, (part, path) =>
    path !== '' && part['x-kubernetes-embedded-resource'] ? true : undefined,
  );
  if (plan === undefined) return () => [];
  return (resource) => {
    const found: Embedded[] = [];
    follow(plan, resource, (_, value, steps) => {
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
        found.push(...problemsOf(value as JsonMap).map(([field, message]) => ({ steps: [...steps, field], message })));
      }
    });
    return found;
  };
}

function problemsOf({ apiVersion, kind, metadata }: JsonMap): [field: string, message: string][] {
  const problems: [string, string][] = [];
  const checkText = (field: string, value: unknown, pattern: RegExp): void => {
    if (value === undefined) problems.push([field, 'required field is missing']);
    else if (typeof value !== 'string' || !pattern.test(value)) problems.push([field, `is not a valid ${field}`]);
  };
  checkText('apiVersion', apiVersion, API_VERSION);
  checkText('kind', kind, KIND);
  if (metadata !== undefined && (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata))) {
    problems.push(['metadata', 'is not a map']);
  }
  return problems;
}
