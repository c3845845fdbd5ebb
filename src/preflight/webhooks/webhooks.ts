import { groupsOf } from '../../crds/crd.js';
import type { Check, Subject } from '../check.js';
import { configurationsIn, webhooksOf } from './configuration.js';
import { findingsAfter, findingsBefore, type Desired } from './findings.js';
import { observeConfigurations } from './observe.js';

/** The webhook configurations for Kthena's kinds, this release's and others', against what stands behind them. */
export const webhooks: Check = {
  id: 'webhooks',
  title: 'Services, endpoints and CAs of the webhook configurations',
  when: 'always',
  run: async (subject, { client }) => {
    const desired = configurationsIn(subject.objects);
    const live = await observeConfigurations(client, new Set(desired.keys()), groupsConcerned(subject, desired));
    const findings = subject.plan === undefined ? findingsAfter : findingsBefore;
    return findings(live, desired, subject.release);
  },
};

/** CRDs may be left alone, and webhooks be switched off. */
function groupsConcerned({ crds }: Subject, desired: Desired): string[] {
  const asked = [...desired.values()].flatMap((configuration) =>
    webhooksOf(configuration).flatMap(({ rules = [] }) => rules.flatMap(({ apiGroups = [] }) => apiGroups)),
  );
  return [...new Set([...groupsOf(crds), ...asked])];
}
