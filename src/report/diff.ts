import type { DiffResult } from '../actions/diff.js';
import type { JsonSchema } from '../bundle/bundle.js';
import type { ReleaseIdentity } from '../render/scope.js';
import { maskSecrets } from '../values/mask.js';
import { carriedText } from './carried.js';
import { obstaclesText, planDocument, planText } from './plan.js';
import { formatStructured, type StructuredFormat } from './structured.js';

/** Version of the plan's form for scripts: a field may be added to it, none is removed or changed. */
const PLAN_VERSION = 'kthena.io/v1';

export function presentDiff(
  release: ReleaseIdentity,
  { latest, remark, prepared, plan }: DiffResult,
  schema: JsonSchema,
  format: 'text' | StructuredFormat,
): string {
  if (format === 'text') {
    const { name, namespace } = release;
    const work = latest === undefined ? 'an install' : `an upgrade of revision ${latest.version}`;
    return [
      `Release ${name} in namespace ${namespace}: what ${work} would change.\n`,
      remark === undefined ? '' : `Note: ${remark}.\n`,
      carriedText(prepared.carried, schema),
      planText({ release, plan }),
      obstaclesText(plan),
    ].join('');
  }
  const document = {
    apiVersion: PLAN_VERSION,
    kind: 'Plan',
    release: { ...release, revision: latest?.version ?? null, status: latest?.info.status ?? null },
    remark: remark ?? null,
    carriedOver: maskSecrets(prepared.carried, schema),
    ...planDocument({ release, plan }),
  };
  return formatStructured(document, format);
}
