import type { PackageResult } from '../actions/package.js';
import type { LoadedBundle } from '../bundle/load.js';
import { formatStructured, type StructuredFormat } from './structured.js';

export function presentPackage({ warnings: _, ...result }: PackageResult, format: 'text' | StructuredFormat): string {
  if (format !== 'text') return formatStructured(result, format);
  return `Wrote ${result.path}\n  Kthena ${result.appVersion} (bundle ${result.version})\n  sha256:${result.digest}\n`;
}

export function presentBundle(loaded: LoadedBundle, format: 'text' | StructuredFormat): string {
  const { bundle, checksums, digest } = loaded;
  const { name, version, appVersion, minimumVersion, kinds } = bundle;
  const components = bundle.components.map(({ name: component, crds, templates }) => ({
    name: component,
    crds,
    templates: templates.map(({ path }) => path),
  }));
  const contents = { name, version, appVersion, format: bundle.format, minimumVersion };
  const shown = { ...contents, checksums, digest: digest ?? null, components, kinds };
  if (format !== 'text') return formatStructured(shown, format);
  const lines = [
    `${name} ${version}: Kthena ${appVersion}`,
    `Needs kthena ${minimumVersion} or newer (format ${bundle.format})`,
    checksums === 'verified' ? 'The checksums of all files match' : 'A folder without checksums',
    ...(digest === undefined ? [] : [`sha256:${digest}`]),
    ...components.flatMap((component) => [
      `\nComponent ${component.name}`,
      ...component.crds.map((crd) => `  CRD       ${crd}`),
      ...component.templates.map((path) => `  template  ${path}`),
    ]),
    '\nIts templates may make',
    ...kinds.map((kind) => `  ${kind}`),
  ];
  return `${lines.join('\n')}\n`;
}
