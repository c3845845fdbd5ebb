import type { KubeObject } from '../../kube/object.js';
import type { Check, Finding } from '../check.js';
import { configurationsIn, coversCreation, webhooksOf } from '../webhooks/configuration.js';
import { admissionFindings } from './findings.js';
import { SAMPLES, sampleObject } from './samples.js';
import { tryToCreate } from './trial.js';

/** A real request through every webhook of the release: one resource of each kind, which the server does not store. */
export const admission: Check = {
  id: 'admission',
  title: 'answers of the webhooks to the API server',
  when: 'after',
  run: async ({ release, objects }, { client }) => {
    const configurations = [...configurationsIn(objects).values()];
    const samples = SAMPLES.filter((sample) => configurations.some((each) => coversCreation(each, sample)));
    const trials = await Promise.all(
      samples.map(async (sample) => ({
        kind: sample.kind,
        outcome: await tryToCreate(client, sampleObject(sample, release.namespace)),
      })),
    );
    return [...admissionFindings(trials, configurations, release), ...withoutSample(configurations)];
  },
};

/** Kinds of a later version of Kthena that this tool has no resource to try with. */
function withoutSample(configurations: readonly KubeObject[]): Finding[] {
  const plurals = configurations.flatMap((configuration) =>
    webhooksOf(configuration).flatMap(({ rules = [] }) => rules.flatMap(({ resources = [] }) => resources)),
  );
  const unknown = [...new Set(plurals)].filter((plural) => !SAMPLES.some((sample) => sample.plural === plural));
  if (unknown.length === 0) return [];
  return [
    {
      severity: 'info',
      seen: `the webhooks for ${unknown.join(', ')} were not tried`,
      hint: 'A newer version of this tool may know these kinds.',
    },
  ];
}
