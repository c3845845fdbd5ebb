import { KthenaError } from '../errors.js';
import type { PlannedChanges, Subject } from './check.js';

/** The plan, for checks that only look closer with it; undefined where it cannot be made, which whoever needs it says. */
export async function planned({ plan }: Subject): Promise<PlannedChanges | undefined> {
  try {
    return await plan?.();
  } catch (error) {
    if (error instanceof KthenaError && error.code !== 'interrupted') return undefined;
    throw error;
  }
}
