import { readFileSync } from 'node:fs';
import { parseSchemas } from '../../../src/lint/load.js';

export function schemaDocument(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(new URL(`../../../schemas/${name}.json`, import.meta.url), 'utf8')) as Record<
    string,
    unknown
  >;
}

export const SCHEMAS = parseSchemas([schemaDocument('kubernetes-1.34'), schemaDocument('cert-manager')]);
