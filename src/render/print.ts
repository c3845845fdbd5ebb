import { dump } from 'js-yaml';
import type { RenderedObject } from './render.js';

/**
 * Objects as a YAML stream, each with the template it came from, as `helm template` prints it:
 * what a release record holds and what `kubectl apply -f -` takes.
 */
export function printManifest(bundleName: string, objects: readonly RenderedObject[]): string {
  return objects.map(({ source, object }) => printDocument(`${bundleName}/${source}`, toYaml(object))).join('');
}

/** One document of a stream under its `# Source:` line. */
export function printDocument(source: string, yaml: string): string {
  return `---\n# Source: ${source}\n${yaml.replace(/\n*$/, '\n')}`;
}

/** YAML 1.2 that YAML 1.1 readers understand alike: texts such as `yes` or `0644` are quoted; long lines are not folded. */
export function toYaml(value: unknown): string {
  return dump(value, { lineWidth: -1, noRefs: true });
}
