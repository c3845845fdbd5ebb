import type { Check } from '../check.js';
import { installedFindings } from './installed.js';
import { plannedFindings } from './planned.js';

/** Before a change: what is in its way. Of what is installed: what has become of it. */
export const objects: Check = {
  id: 'objects',
  title: 'the objects of the release, and whose they are',
  when: 'always',
  run: async (subject, { client }) =>
    subject.plan === undefined
      ? installedFindings(client, subject)
      : plannedFindings(client, await subject.plan(), subject),
};
