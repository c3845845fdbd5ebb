import { crdRef } from '../../crds/crd.js';
import { upgradeProblems } from '../../crds/upgrade-check.js';
import type { CrdUpgrade } from '../../crds/upgrade-plan.js';
import { aboutObject } from '../../kube/object.js';
import type { Check, Finding, Subject } from '../check.js';
import { errorFinding, isLackOfRights, untriedFinding } from '../refused.js';
import { installedCrdFinding } from './installed.js';

/** Before a change: what keeps the CRDs from becoming those of the bundle. Of what is installed: how they differ from them. */
export const crds: Check = {
  id: 'crds',
  title: 'the CRDs, against those of the bundle',
  when: 'always',
  run: async (subject, { client }) => {
    if (subject.plan !== undefined) return plannedFindings((await subject.plan()).upgrades, subject);
    const findings = await Promise.all(subject.crds.map((crd) => installedCrdFinding(client, crd)));
    return findings.flatMap((finding) => finding ?? []);
  },
};

/** In the words in which an install is refused. */
function plannedFindings(upgrades: readonly CrdUpgrade[], { forceConflicts }: Subject): Finding[] {
  const untried = upgrades.filter(({ refusal }) => refusal !== undefined && isLackOfRights(refusal));
  const refused = upgrades.filter((upgrade) => upgrade.refusal !== undefined && !untried.includes(upgrade));
  const others = upgrades.filter(({ refusal }) => refusal === undefined);
  const policy = { allowBreaking: false, allowDowngrade: false, forceConflicts };
  return [
    ...upgradeProblems(others, policy).map((problem) => errorFinding(problem, 'kthena crds diff shows more.')),
    ...refused.map(({ name, refusal }): Finding => {
      const object = crdRef(name);
      return { severity: 'error', object, seen: aboutObject(object, refusal!), hint: 'kthena crds diff shows more.' };
    }),
    ...(untried.length === 0 ? [] : [untriedFinding(`${untried.length} CRDs`)]),
  ];
}
