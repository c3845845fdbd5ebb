import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { kthena, measure } from './measure.mjs';

/**
 * Writes a chart with the very objects that kthena installs, so that both do the same work.
 *
 * @param {string} folder
 * @param {string[]} values flags of kthena with values
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string>} the chart's folder
 */
export async function chartOf(folder, values, env) {
  const rendered = async (...args) => (await measure(kthena(...args), env)).stdout;
  const chart = join(folder, 'kthena');
  mkdirSync(join(chart, 'templates'), { recursive: true });
  mkdirSync(join(chart, 'crds'));
  writeFileSync(join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: kthena\nversion: 1.0.0\n');
  writeFileSync(join(chart, 'templates', 'all.yaml'), await rendered('template', ...values));
  const { items: crds } = JSON.parse(await rendered('template', '--include-crds', '-s', 'crds/*', '-o', 'json'));
  writeFileSync(join(chart, 'crds', 'all.yaml'), crds.map((crd) => `---\n${dump(withDescriptions(crd))}`).join(''));
  return chart;
}

/**
 * The published chart's CRDs describe every field of the pod template and have 17,000 lines; ours leave that to Kubernetes' own
 * documentation. A text of usual length for each field without one brings the chart of this comparison to that size.
 */
function withDescriptions(crd) {
  const copy = structuredClone(crd);
  for (const version of copy.spec.versions) {
    const { spec, status } = version.schema.openAPIV3Schema.properties;
    for (const part of [spec, status]) if (part !== undefined) describe(part);
  }
  return copy;
}

function describe(schema) {
  schema.description ??= FILLER;
  for (const property of Object.values(schema.properties ?? {})) describe(property);
  if (schema.items !== undefined) describe(schema.items);
}

const FILLER =
  'This text stands for the description of a field in the published CRDs, which takes two or three lines of YAML as a rule. '
    .repeat(2)
    .trim();
