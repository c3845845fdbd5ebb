import type { PlannedChanges } from '../report/plan.js';
import { confirmPlan } from './confirm.js';
import type { Terminal } from './terminal.js';

/** Shows what an install would adopt, and asks. */
export async function confirmAdoption(
  terminal: Terminal,
  planned: PlannedChanges,
  options: { yes: boolean; signal: AbortSignal },
): Promise<void> {
  const { planText } = await import('../report/plan.js');
  terminal.stderr.write(planText(planned));
  await confirmPlan(terminal, `Adopt these objects into release ${planned.release.name}?`, options);
}
