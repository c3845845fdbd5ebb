import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startControlPlane, type ControlPlane, type CommandResult } from '../../cluster/index.mjs';
import { runKthena } from '../install/program.js';
import { callsFor, create, oneOfEach, pathsCalled, PATHS } from './admission.js';
import { replaceCaBundles } from './ca-bundles.js';
import { signedByCa, type KeyPair } from './openssl.js';
import { standIn, type StandIn } from './stand-in.js';

const NAMESPACE = 'kthena-system';
const SERVICES = ['kthena-router-webhook', 'kthena-controller-manager-webhook'];

let cluster: ControlPlane;
let components: StandIn;
const kthena = (...args: string[]): Promise<CommandResult> => runKthena(args, { env: cluster.env });

beforeAll(async () => {
  cluster = await startControlPlane({ podsAnswer: true });
  components = standIn(cluster, NAMESPACE);
});
afterAll(async () => {
  await components.close();
  await cluster.stop();
});

/** What an administrator does who makes the certificates: the Secret that the component mounts. */
async function createSecret(name: string, { certificate, privateKey, ca }: KeyPair): Promise<void> {
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: NAMESPACE },
    type: 'kubernetes.io/tls',
    stringData: { 'tls.crt': certificate, 'tls.key': privateKey, 'ca.crt': ca },
  };
  const { status } = await cluster.request('POST', `/api/v1/namespaces/${NAMESPACE}/secrets`, secret);
  expect(status).toBe(201);
}

describe('certificates of the user, in Secrets that are there before', () => {
  it('serve every webhook, trusted by the caBundle of the values', async () => {
    await cluster.kubectl(['create', 'namespace', NAMESPACE]);
    const pair = await signedByCa(SERVICES.map((service) => `${service}.${NAMESPACE}.svc`));
    for (const service of SERVICES) await createSecret(`${service}-certs`, pair);
    const caBundle = Buffer.from(pair.ca).toString('base64');
    const flags = ['--set', 'global.certManagementMode=manual', '--set', `global.webhook.caBundle=${caBundle}`];
    expect(await kthena('install', ...flags)).toMatchObject({ code: 0 });

    expect(await create(cluster, oneOfEach('tried', 'default'), '--dry-run=server')).toMatchObject({ code: 0 });
    expect(pathsCalled(components, 'tried')).toEqual(PATHS);
    const { fingerprint256 } = new X509Certificate(pair.certificate);
    expect([...new Set(callsFor(components.calls, 'tried').map(({ fingerprint }) => fingerprint))]).toEqual([
      fingerprint256,
    ]);
  });

  it('are refused by the API server where another CA is in the caBundle', async () => {
    const { ca } = await signedByCa(['elsewhere']);
    await replaceCaBundles(cluster, Buffer.from(ca).toString('base64'));
    const refused = await create(cluster, oneOfEach('untrusted', 'default'), '--dry-run=server');
    expect(refused.stderr.match(/certificate signed by unknown authority/g)).toHaveLength(5);
    expect(callsFor(components.calls, 'untrusted')).toEqual([]);
  });
});
