import type { Check } from './check.js';
import { crds } from './crds/crds.js';
import { namespace } from './namespace/namespace.js';
import { objects } from './objects/objects.js';
import { rights } from './rights/rights.js';
import { server } from './server.js';

/** In the order in which the results are shown: as in `CHECK_IDS`. */
const CHECKS: readonly Check[] = [server, rights, namespace, objects, crds];

/** Those to make before an install or upgrade, or of what is installed. */
export function checksFor(phase: 'before' | 'after'): Check[] {
  return CHECKS.filter(({ when }) => when === 'always' || when === phase);
}
