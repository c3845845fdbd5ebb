import type { KubeObject } from '../../kube/object.js';
import { conditionOf, describeCondition } from '../conditions.js';
import { failed, progressing, ready, terminating, type ObjectStatus } from '../object-status.js';

/** Ready when `Established`: the API server has accepted the names and begins to serve the kind. */
export function crdStatus(crd: KubeObject): ObjectStatus {
  const deletion = conditionOf(crd, 'Terminating');
  if (deletion?.status === 'True') return terminating(describeCondition(deletion));
  const names = conditionOf(crd, 'NamesAccepted');
  // Before Established: a CRD whose new names are refused goes on serving the old ones.
  if (names?.status === 'False') return failed(`names not accepted: ${describeCondition(names)}`, names.reason);
  const established = conditionOf(crd, 'Established');
  if (established?.status === 'True') return ready('established');
  // `Installing` is the one reason that passes by itself.
  if (established?.status === 'False' && established.reason !== 'Installing') {
    return failed(describeCondition(established), established.reason);
  }
  return progressing('not established yet', established?.reason);
}
