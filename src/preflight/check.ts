import type { GivenCertificate } from '../certs/files.js';
import type { CrdUpgrade } from '../crds/upgrade-plan.js';
import type { KubeClient } from '../kube/client.js';
import { aboutObject, type KubeObject, type ObjectRef } from '../kube/object.js';
import type { Survey } from '../plan/survey.js';
import type { Release } from '../release/release.js';
import type { ReleaseIdentity } from '../render/scope.js';
import type { Values } from '../values/value.js';
import type { CheckId } from './ids.js';

/** An error keeps an install from ending well, and blocks it; a warning is shown, and an info only where it is asked for. */
export type Severity = 'error' | 'warning' | 'info';

export interface Finding {
  severity: Severity;
  /** What it is about, where that is one object. */
  object?: ObjectRef;
  /** What was seen; as messages are, without a final period. */
  seen: string;
  /** What to do about it, as a sentence. */
  hint: string;
  /** Objects as YAML that mend it once they are applied. */
  manifest?: string;
}

/** `Kind/namespace/name: what was seen` */
export function describeFinding({ object, seen }: Finding): string {
  return object === undefined ? seen : aboutObject(object, seen);
}

/** What is installed, or is to be. */
export interface Subject {
  release: ReleaseIdentity;
  /** Defaults and the user's values merged. */
  values: Values;
  /** What values make of the bundle, or what the record lists; each with its namespace. */
  objects: readonly KubeObject[];
  /** CRDs of the bundle for the components that are switched on; empty where CRDs are to be left alone. */
  crds: readonly KubeObject[];
  /** All revisions of the release, the oldest first; empty before an install. */
  history: readonly Release[];
  /** Certificates that were given as files and examined: their Secrets are still to be made. */
  certificates?: readonly GivenCertificate[];
  /** The user lets the namespace be created where it does not exist. */
  createNamespace: boolean;
  /** It will be waited for until everything is ready. */
  wait: boolean;
  /** Fields of other managers may be taken over. */
  forceConflicts: boolean;
  /** What an install or upgrade would change; made once. There is none for what is installed. */
  plan?: () => Promise<PlannedChanges>;
}

export interface PlannedChanges {
  found: Survey;
  upgrades: readonly CrdUpgrade[];
}

export interface CheckContext {
  client: KubeClient;
  signal: AbortSignal;
  now: () => Date;
}

/** Looks at one thing in the cluster. It writes nothing and prints nothing. */
export interface Check {
  id: CheckId;
  /** What it looks at, in a few words, as a noun: it stands behind ✓ and ✗ alike. */
  title: string;
  /** Before an install or upgrade, of what is installed, or both. */
  when: 'before' | 'after' | 'always';
  /** What the API server refuses to answer may be thrown: it becomes a finding of its own. */
  run(subject: Subject, context: CheckContext): Promise<Finding[]>;
}
