import type { KubeObject } from '../kube/object.js';
import type { Check, Finding } from './check.js';
import { bundleVersion, describeProblems, findCrds, type FoundCrd, type NeededCrd } from './needed-crds.js';

/** A project whose kinds the router watches once a flag says so. */
interface Extension {
  name: string;
  flag: string;
  value: string;
  annotation: string;
  /** The release whose types the router is built with. */
  builtWith: { major: number; minor: number };
  crds: readonly NeededCrd[];
  /** What the router does without them. */
  without: string;
  releases: string;
}

export const GATEWAY_API: Extension = {
  name: 'Gateway API',
  flag: '--enable-gateway-api',
  value: 'networking.kthenaRouter.gatewayAPI.enabled',
  annotation: 'gateway.networking.k8s.io/bundle-version',
  builtWith: { major: 1, minor: 4 },
  crds: ['gatewayclasses', 'gateways', 'httproutes'].map((plural) => ({
    name: `${plural}.gateway.networking.k8s.io`,
    version: 'v1',
  })),
  // It makes a GatewayClass and a Gateway when it starts, ends where it cannot, and waits for the routes.
  without: 'the router ends, or does not become ready, without them',
  releases: 'https://github.com/kubernetes-sigs/gateway-api/releases',
};

export const INFERENCE_EXTENSION: Extension = {
  name: 'Gateway API inference extension',
  flag: '--enable-gateway-api-inference-extension',
  value: 'networking.kthenaRouter.gatewayAPI.inferenceExtension',
  annotation: 'inference.networking.k8s.io/bundle-version',
  builtWith: { major: 1, minor: 2 },
  crds: [{ name: 'inferencepools.inference.networking.k8s.io', version: 'v1' }],
  without: 'the router waits for it, and does not become ready',
  releases: 'https://github.com/kubernetes-sigs/gateway-api-inference-extension/releases',
};

/** The kinds that the router watches where its features for the Gateway API are switched on. */
export const gatewayApi: Check = {
  id: 'gateway-api',
  title: 'CRDs of the Gateway API and its inference extension',
  when: 'always',
  run: async ({ objects }, { client }) => {
    const used = [GATEWAY_API, INFERENCE_EXTENSION].filter(({ flag }) => objects.some(startsWith(flag)));
    const found = await Promise.all(
      used.map(async (extension) => extensionFindings(extension, await findCrds(client, extension.crds))),
    );
    return found.flat();
  },
};

function startsWith(flag: string): (object: KubeObject) => boolean {
  return ({ kind, spec }) => {
    if (kind !== 'Deployment') return false;
    const { template } = spec as { template?: { spec?: { containers?: { args?: string[] }[] } } };
    const containers = template?.spec?.containers ?? [];
    return containers.some(({ args = [] }) => args.includes(`${flag}=true`) || args.includes(flag));
  };
}

/** For each CRD that cannot be used; where all can, for those of an older release. */
export function extensionFindings(extension: Extension, found: readonly FoundCrd[]): Finding[] {
  const broken = describeProblems(found);
  const { name, value, without, releases, builtWith } = extension;
  if (broken.length > 0) {
    return [
      {
        // It is on from the moment the CRDs are there.
        severity: 'warning',
        seen: `${broken.join('; ')}: ${without}`,
        hint: `Install the CRDs of the ${name}, v${builtWith.major}.${builtWith.minor} or later (${releases}), or set ${value} to false.`,
      },
    ];
  }
  return olderFindings(extension, found);
}

function olderFindings({ name, annotation, builtWith, releases }: Extension, found: readonly FoundCrd[]): Finding[] {
  const older = found.flatMap((each) => {
    const version = bundleVersion(each.crd!, annotation);
    const isOlder =
      version !== undefined &&
      (version.major < builtWith.major || (version.major === builtWith.major && version.minor < builtWith.minor));
    return isOlder ? [version.text] : [];
  });
  if (older.length === 0) return [];
  const wanted = `v${builtWith.major}.${builtWith.minor}`;
  return [
    {
      severity: 'warning',
      seen: `the CRDs of the ${name} are of ${[...new Set(older)].join(', ')}, older than ${wanted}, which the router is built with: fields that came since do not exist`,
      hint: `Nothing need break; for all features, update the CRDs to ${wanted} or later (${releases}), once every other user of them allows it.`,
    },
  ];
}
