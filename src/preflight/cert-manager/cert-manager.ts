import type { KubeClient } from '../../kube/client.js';
import { groupOf, type KubeObject } from '../../kube/object.js';
import { tryToCreate } from '../admission/trial.js';
import type { Check, CheckContext, Finding, Subject } from '../check.js';
import { findCrds } from '../needed-crds.js';
import { partOf } from '../unanswered.js';
import { crdFindings, PROGRAMS, programFindings, trialFindings } from './findings.js';

const GROUP = 'cert-manager.io';
const CRDS = ['certificates', 'issuers'].map((plural) => ({ name: `${plural}.${GROUP}`, version: 'v1' }));

/** cert-manager, where the release leaves its certificates to it. */
export const certManager: Check = {
  id: 'cert-manager',
  title: 'cert-manager and its webhook',
  when: 'always',
  run: async (subject, context) => {
    const objects = subject.objects.filter(({ apiVersion }) => groupOf(apiVersion) === GROUP);
    if (objects.length === 0) return [];
    const missing = crdFindings(await findCrds(context.client, CRDS));
    if (missing.length > 0) return missing;
    const parts = [partOf(tryObjects(objects, subject, context)), partOf(lookAtPrograms(context.client))];
    return (await Promise.all(parts)).flat();
  },
};

/** One object of each kind: all of them go through the same webhooks. */
async function tryObjects(
  objects: readonly KubeObject[],
  { release }: Subject,
  { client }: CheckContext,
): Promise<Finding[]> {
  const samples = [...new Map(objects.map((object) => [object.kind, object])).values()];
  const namespace = await client.get({ apiVersion: 'v1', kind: 'Namespace', name: release.namespace });
  const findings = await Promise.all(
    samples.map(async (object) => {
      const placed = namespace === undefined ? inDefault(object) : object;
      return trialFindings(object, await tryToCreate(client, placed));
    }),
  );
  return firstOfEach(findings.flat());
}

/** Before an install its namespace may not exist, and the API server would say no more than that. */
function inDefault(object: KubeObject): KubeObject {
  if (object.metadata.namespace === undefined) return object;
  return { ...object, metadata: { ...object.metadata, namespace: 'default' } };
}

/** A webhook that does not answer does so for every kind. */
function firstOfEach(findings: readonly Finding[]): Finding[] {
  return findings.filter((finding, index) => findings.findIndex(({ hint }) => hint === finding.hint) === index);
}

async function lookAtPrograms(client: KubeClient): Promise<Finding[]> {
  const deployments: KubeObject[] = [];
  const labelSelector = `app.kubernetes.io/name in (${Object.keys(PROGRAMS).join(',')})`;
  for await (const deployment of client.list({ apiVersion: 'apps/v1', kind: 'Deployment', labelSelector })) {
    deployments.push(deployment);
  }
  return programFindings(deployments);
}
