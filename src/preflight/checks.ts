import { admission } from './admission/admission.js';
import { certManager } from './cert-manager/cert-manager.js';
import { certificates } from './certificates.js';
import type { Check } from './check.js';
import { crds } from './crds/crds.js';
import { gatewayApi } from './gateway-api.js';
import { namespace } from './namespace/namespace.js';
import { objects } from './objects/objects.js';
import { redis } from './redis/redis.js';
import { rights } from './rights/rights.js';
import { server } from './server.js';
import { volcano } from './volcano.js';
import { webhooks } from './webhooks/webhooks.js';

/** In the order in which the results are shown: as in `CHECK_IDS`. */
const CHECKS: readonly Check[] = [
  server,
  rights,
  namespace,
  objects,
  crds,
  certManager,
  gatewayApi,
  volcano,
  redis,
  webhooks,
  certificates,
  admission,
];

/** Those to make before an install or upgrade, or of what is installed. */
export function checksFor(phase: 'before' | 'after'): Check[] {
  return CHECKS.filter(({ when }) => when === 'always' || when === phase);
}
