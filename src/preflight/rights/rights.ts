import type { KubeClient } from '../../kube/client.js';
import type { KubeObject } from '../../kube/object.js';
import type { Check, Finding, PlannedChanges } from '../check.js';
import { planned } from '../planned.js';
import { Access, userName } from './access.js';
import { escalations, type Escalation } from './escalation.js';
import { grantManifest } from './manifest.js';
import { neededRights, type LocatedObject } from './needed.js';
import { describeRights, type Right } from './right.js';

/** Whoever may do everything is known by one request; for others each right is asked for. */
export const rights: Check = {
  id: 'rights',
  title: 'what the user may do',
  when: 'before',
  run: async (subject, { client }) => {
    const access = new Access(client);
    if (await access.mayEverything()) return [];
    const [plan, objects, user] = await Promise.all([
      planned(subject),
      locate(client, subject.objects),
      userName(client),
    ]);
    const obsolete = await locate(client, deletedBy(plan));
    const needed = neededRights(subject, objects, obsolete, plan);
    const [now, later, escalating] = await Promise.all([
      access.missing(needed.now),
      access.missing(needed.later),
      escalations(client, access, subject.objects, plan),
    ]);
    const toCreate = plan?.found.namespace === undefined ? subject.release.namespace : undefined;
    return findingsFor({ now, later, escalating }, user, toCreate);
  },
};

/** What is missing. */
interface Lack {
  now: Right[];
  later: Right[];
  escalating: Escalation[];
}

function deletedBy(plan: PlannedChanges | undefined): KubeObject[] {
  return plan?.found.objects.changes.flatMap(({ action, object }) => (action === 'delete' ? [object] : [])) ?? [];
}

/** A kind that is not served is the business of other checks. */
async function locate(client: KubeClient, objects: readonly KubeObject[]): Promise<LocatedObject[]> {
  const located = await Promise.all(
    objects.map(async (object) => {
      const resource = await client.resource(object.apiVersion, object.kind);
      return resource === undefined ? [] : [{ object, resource }];
    }),
  );
  return located.flat();
}

/** @param namespace where it does not exist yet: the manifest creates it then, since it has roles in it */
function findingsFor(
  { now, later, escalating }: Lack,
  user: string | undefined,
  namespace: string | undefined,
): Finding[] {
  const who = user === undefined ? 'the user' : `user "${user}"`;
  const granted = [...now, ...escalating.map(({ right }) => right), ...later].filter(
    ({ verb, resource }) => namespace === undefined || verb !== 'create' || resource !== 'namespaces',
  );
  const findings: Finding[] = [];
  if (now.length > 0) {
    const seen = [`${who} lacks rights that this needs`, ...describeRights(now)].join('\n');
    findings.push({ severity: 'error', seen, hint: GRANT });
  }
  if (escalating.length > 0) {
    const seen = [`${who} may not give away rights that are not their own`, ...describeEscalations(escalating)].join(
      '\n',
    );
    findings.push({ severity: 'error', seen, hint: ESCALATE });
  }
  if (later.length > 0) {
    const seen = [`${who} lacks rights that are needed later`, ...describeRights(later)].join('\n');
    findings.push({ severity: 'warning', seen, hint: LATER });
  }
  const [first, ...others] = findings;
  return first === undefined ? [] : [{ ...first, manifest: grantManifest(granted, { user, namespace }) }, ...others];
}

const GRANT = 'Have an administrator apply the manifest below: it gives exactly what is missing.';
const ESCALATE =
  'Whoever creates a role must have its rights, or be allowed to escalate and bind it; the manifest allows that for these roles only.';
const LATER =
  'Upgrades and uninstalls delete objects and count resources, and a wait that fails is explained by pods, events and logs; the manifest gives this too.';

/** Of the rights that a role gives, as many are named. */
const NAMED = 2;

/** A role and its bindings are refused for the same reason: a line for each role. */
function describeEscalations(escalating: readonly Escalation[]): string[] {
  const roles = new Map<string, Escalation[]>();
  for (const one of escalating) {
    const key = [one.right.namespace, one.right.resource, one.right.name].join(' ');
    roles.set(key, [...(roles.get(key) ?? []), one]);
  }
  return [...roles.values()].map((ofRole) => {
    const lines = describeRights(ofRole[0]!.lacking).map((line) => line.replace(/^[^:]*: /, ''));
    const more = lines.length > NAMED ? `; and ${lines.length - NAMED} more` : '';
    const needed = describeRights(ofRole.map(({ right }) => right)).join('; ');
    return `${needed}, or else the rights it gives: ${lines.slice(0, NAMED).join('; ')}${more}`;
  });
}
