import { formatRef, type KubeObject } from '../kube/object.js';
import { isMap } from './node.js';

/** `error`: the API server would refuse the object, or it could never work. `warning`: it may, or nobody can tell. */
export type FindingSeverity = 'error' | 'warning';

/** A defect of one object that shows without a cluster. */
export interface StructureFinding {
  severity: FindingSeverity;
  /** The object, as `formatRef` writes it. */
  ref: string;
  /** Where in the object, in the API server's notation: `spec.ports[0].name`, `metadata.labels[app]`; empty for the object as a whole. */
  path: string;
  /** What is wrong. Never holds a value that may be secret. */
  message: string;
}

/** Takes down one finding about the object at hand. */
export type Report = (path: string, message: string, severity?: FindingSeverity) => void;

/** An empty list of findings about `object`, and the function that adds to it. */
export function collectFindings(object: KubeObject): { findings: StructureFinding[]; report: Report } {
  const findings: StructureFinding[] = [];
  const ref = describeObject(object);
  const report: Report = (path, message, severity = 'error') => findings.push({ severity, ref, path, message });
  return { findings, report };
}

/** `formatRef` for objects nobody has checked yet: whatever is missing or not a string gets a placeholder. */
function describeObject(object: KubeObject): string {
  const metadata: unknown = object.metadata;
  const { name, namespace } = isMap(metadata) ? metadata : {};
  return formatRef({
    apiVersion: '',
    kind: typeof object.kind === 'string' ? object.kind : '(no kind)',
    name: typeof name === 'string' && name !== '' ? name : '(no name)',
    ...(typeof namespace === 'string' && { namespace }),
  });
}
