import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/preflight/check.js';
import { gatewayApi } from '../../../src/preflight/gateway-api.js';
import { startControlPlane, type ControlPlane } from '../../cluster/index.mjs';
import { runKthena } from '../install/program.js';
import { provideCrd, type CrdParts } from './crds.js';
import { clientFor, resultOf, subjectIn } from './setup.js';

const ENABLED = 'networking.kthenaRouter.gatewayAPI.enabled=true';
const EXTENSION = 'networking.kthenaRouter.gatewayAPI.inferenceExtension=true';

let cluster: ControlPlane;
beforeAll(async () => {
  cluster = await startControlPlane();
});
afterAll(() => cluster.stop());

async function findings(...set: string[]): Promise<Finding[]> {
  const client = await clientFor(cluster);
  return (await resultOf(gatewayApi, await subjectIn(client, 'default', { set }), client)).findings;
}

/** The CRDs that the router needs, as of a release. */
async function provideGatewayApi(release: string): Promise<void> {
  const annotations = { 'gateway.networking.k8s.io/bundle-version': release };
  const kinds: Pick<CrdParts, 'kind' | 'plural' | 'scope'>[] = [
    { kind: 'GatewayClass', plural: 'gatewayclasses', scope: 'Cluster' },
    { kind: 'Gateway', plural: 'gateways' },
    { kind: 'HTTPRoute', plural: 'httproutes' },
  ];
  for (const kind of kinds) await provideCrd(cluster, { group: 'gateway.networking.k8s.io', annotations, ...kind });
}
const providePools = (parts: Pick<CrdParts, 'version' | 'annotations'>): Promise<void> =>
  provideCrd(cluster, {
    group: 'inference.networking.k8s.io',
    kind: 'InferencePool',
    plural: 'inferencepools',
    ...parts,
  });

describe('gateway-api', () => {
  it('is silent where the router does not use it', async () => {
    expect(await findings()).toEqual([]);
  });

  it('names each CRD without which the router does not come up, and an install goes on', async () => {
    const [finding, ...others] = await findings(ENABLED);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ severity: 'warning' });
    const [classes, gateways, routes] = ['gatewayclasses', 'gateways', 'httproutes'].map(
      (plural) => `${plural}.gateway.networking.k8s.io`,
    );
    expect(finding!.seen).toContain(`CRDs ${classes}, ${gateways}, ${routes} are not in the cluster`);
    const { code, stderr } = await runKthena(['install', '--dry-run', '--set', ENABLED], { env: cluster.env });
    expect(code).toBe(0);
    expect(stderr).toContain('httproutes.gateway.networking.k8s.io are not in the cluster');
  });

  it('warns of an older release, and is silent with the one the router is built with', async () => {
    await provideGatewayApi('v1.2.1');
    expect(await findings(ENABLED)).toMatchObject([
      { severity: 'warning', seen: expect.stringContaining('of v1.2.1, older than v1.4') },
    ]);
    await provideGatewayApi('v1.4.0');
    expect(await findings(ENABLED)).toEqual([]);
  });

  it('needs InferencePools of version v1 for the inference extension', async () => {
    await provideGatewayApi('v1.4.0');
    expect(await findings(ENABLED, EXTENSION)).toMatchObject([
      { severity: 'warning', seen: expect.stringContaining('inferencepools.inference.networking.k8s.io is not in') },
    ]);
    await providePools({ version: 'v1alpha2' });
    expect(await findings(ENABLED, EXTENSION)).toMatchObject([
      { severity: 'warning', seen: expect.stringContaining('is not served as v1, only as v1alpha2') },
    ]);
    await providePools({ annotations: { 'inference.networking.k8s.io/bundle-version': 'v1.2.0' } });
    expect(await findings(ENABLED, EXTENSION)).toEqual([]);
  });
});
