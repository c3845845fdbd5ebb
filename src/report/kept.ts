import type { Change } from '../plan/plan.js';

/** What was not done, though the values say so. */
export function keptNotes(changes: readonly Change[]): string[] {
  return changes.flatMap((change) => {
    const kept = 'kept' in change ? change.kept : [];
    const { kind, metadata } = change.object;
    return kept.map(
      ({ path, manager, before, after }) =>
        `Note: ${kind}/${metadata.name}: ${path} stays ${JSON.stringify(before)}, as ${manager} set it; the values say ${JSON.stringify(after)}.`,
    );
  });
}
