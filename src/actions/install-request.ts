import type { DeploymentPlan } from './deployment.js';
import type { Change } from '../plan/plan.js';
import type { CheckId } from '../preflight/ids.js';
import type { ReleaseIdentity } from '../render/scope.js';

export interface InstallRequest {
  release: ReleaseIdentity;
  createNamespace: boolean;
  skipCrds: boolean;
  /** Let the server try everything, and store nothing. */
  dryRun: boolean;
  takeOwnership: boolean;
  forceConflicts: boolean;
  wait: boolean;
  timeoutMs: number;
  /** How many revisions to keep, with those of before an uninstall; 0 for all. */
  historyMax: number;
  /** Take out everything again where it fails. */
  rollbackOnFailure: boolean;
  skipChecks: readonly CheckId[];
  description?: string;
  /** Called where objects of others would be adopted, before anything is written; it throws where the user does not want that. */
  confirmAdoption(plan: DeploymentPlan): Promise<void>;
}

export interface InstallResult {
  outcome: 'installed' | 'unchanged' | 'dry-run';
  release: ReleaseIdentity;
  revision: number;
  /** CRDs first, then the objects, in the order in which they were made. */
  changes: Change[];
  /** What is not as one may expect, though the install succeeded. */
  remarks: string[];
}
