import { KthenaError } from '../errors.js';
import { isMap } from '../values/value.js';
import type { BundleDefinition } from './bundle.js';
import { checkFormat } from './format.js';
import { readYaml } from './yaml.js';

/** What chart repositories and registries read of a bundle. */
export const CHART = 'Chart.yaml';
/** What Helm renders of a bundle: it fails, before Helm writes anything. */
export const GUARD = 'templates/install-with-kthena.yaml';

const FORMAT_ANNOTATION = 'kthena.io/bundle-format';
const MINIMUM_ANNOTATION = 'kthena.io/minimum-version';

type Metadata = Pick<BundleDefinition, 'format' | 'minimumVersion' | 'name' | 'version' | 'appVersion'>;

/** Every text is in quotes: YAML would take some versions for numbers. */
export function chartText(metadata: Metadata): string {
  const lines = [
    'apiVersion: v2',
    `name: ${metadata.name}`,
    'type: application',
    `version: ${JSON.stringify(metadata.version)}`,
    `appVersion: ${JSON.stringify(metadata.appVersion)}`,
    'description: Kthena as a bundle for the kthena installer; Helm can list and fetch it, kthena installs it',
    'annotations:',
    `  ${FORMAT_ANNOTATION}: "${metadata.format}"`,
    `  ${MINIMUM_ANNOTATION}: ${JSON.stringify(metadata.minimumVersion)}`,
  ];
  return `${lines.join('\n')}\n`;
}

export const GUARD_TEXT = `{{- fail (printf "this is a bundle for kthena, which Helm cannot install; run: kthena install --bundle %s-%s.tgz" .Chart.Name .Chart.Version) }}\n`;

/**
 * The metadata of a packaged bundle. What this tool is too old for is found here, before anything else of the bundle is looked at.
 *
 * @throws KthenaError `bundle`
 */
export function readChart(text: string): Metadata {
  const chart = readYaml(CHART, text);
  if (!isMap(chart)) throw new KthenaError('bundle', `${CHART}: it must be a map`);
  const annotations = isMap(chart['annotations']) ? chart['annotations'] : {};
  const format = annotations[FORMAT_ANNOTATION];
  if (chart['name'] !== 'kthena' || typeof format !== 'string') {
    throw new KthenaError('bundle', `${CHART}: this is a Helm chart, not a bundle of Kthena`, {
      hint: 'kthena package writes bundles.',
    });
  }
  const said = { format: Number(format), minimumVersion: annotations[MINIMUM_ANNOTATION] };
  checkFormat(said, CHART);
  const { version, appVersion } = chart;
  return { ...said, name: 'kthena', version, appVersion } as Metadata;
}

/**
 * What a registry shows of a bundle and what is installed must be one thing.
 *
 * @throws KthenaError `bundle`
 */
export function checkChart(chart: Metadata, definition: Metadata): void {
  for (const key of ['format', 'minimumVersion', 'version', 'appVersion'] as const) {
    if (chart[key] === definition[key]) continue;
    throw new KthenaError(
      'bundle',
      `${CHART}: it says ${key} ${JSON.stringify(chart[key] ?? null)}, manifests/bundle.yaml says ${JSON.stringify(definition[key])}`,
    );
  }
}
