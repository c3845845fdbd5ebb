import { inject, describe, expect, it, beforeAll } from 'vitest';
import { toCaBundle } from '../../../src/certs/bundle.js';
import { issueCertificate, type KeyPairFiles } from '../../../src/certs/issue.js';
import { certificates } from '../../../src/preflight/certificates.js';
import type { Finding } from '../../../src/preflight/check.js';
import { connect, type Cluster } from '../../cluster/index.mjs';
import { authority, days, serving } from '../../unit/certs/authority.js';
import { COMPONENTS, putSecret, secretOf, serverNameOf } from '../certs/setup.js';
import { clientFor, resultOf, subjectIn } from './setup.js';

let cluster: Cluster;

beforeAll(() => {
  cluster = connect(inject('cluster'));
});

/** What the check says before an install with these values. */
async function findingsIn(namespace: string, ...set: string[]): Promise<Finding[]> {
  const client = await clientFor(cluster);
  const subject = await subjectIn(client, namespace, { set });
  return (await resultOf(certificates, subject, client)).findings;
}

function manual({ ca }: { ca: string }): string {
  return `global.certManagementMode=manual,global.webhook.caBundle=${toCaBundle(ca)}`;
}

/** One certificate for both components, in both Secrets. */
async function withSecrets(
  namespace: string,
  options: Parameters<typeof serving>[0] = {},
): Promise<KeyPairFiles & { other: string }> {
  const ca = await authority({ notBefore: days(-900, new Date()), notAfter: days(900, new Date()) });
  const names = COMPONENTS.map((component) => serverNameOf(component, namespace));
  const pair = await serving({ names, notAfter: days(300, new Date()), ...options }, ca);
  const files = { certificate: pair.certificate, privateKey: pair.privateKey, ca: ca.certificate };
  for (const component of COMPONENTS) await putSecret(cluster, namespace, secretOf(component), files);
  return { ...files, other: (await authority({ subject: 'CN=Other' })).certificate };
}

describe('certificates before an install', () => {
  describe('in mode manual', () => {
    it('are missing, which blocks, with the command and the flags that mend it', async () => {
      const namespace = await cluster.newNamespace();
      const findings = await findingsIn(namespace, manual(await issueCertificate({ names: ['a'], now: new Date() })));
      expect(findings.map(({ severity, object, seen }) => [severity, object?.name, seen])).toEqual(
        expect.arrayContaining(COMPONENTS.map((component) => ['error', secretOf(component), 'does not exist'])),
      );
      expect(findings[0]!.hint).toContain('--tls-cert-file');
      expect(findings[0]!.hint).toMatch(
        /kubectl create secret generic \S+ -n \S+ --type=kubernetes.io\/tls --from-file=tls.crt --from-file=tls.key --from-file=ca.crt/,
      );
    });

    it('are there and right, of which nothing is said', async () => {
      const namespace = await cluster.newNamespace();
      expect(await findingsIn(namespace, manual(await withSecrets(namespace)))).toEqual([]);
    });

    it('do not go with the CA bundle of the values', async () => {
      const namespace = await cluster.newNamespace();
      const { other } = await withSecrets(namespace);
      const findings = await findingsIn(namespace, manual({ ca: other }));
      expect(findings).toHaveLength(3);
      for (const { severity, seen, object } of findings) {
        expect(object?.kind).toMatch(/WebhookConfiguration$/);
        expect([severity, seen]).toEqual(['error', expect.stringContaining('does not trust the certificate')]);
      }
    });

    it('are for other names, or have expired', async () => {
      const namespace = await cluster.newNamespace();
      const past = { notBefore: days(-90, new Date()), notAfter: days(-3, new Date()) };
      const wrong = await withSecrets(namespace, { names: ['kthena.example.com'], ...past });
      const seen = (await findingsIn(namespace, manual(wrong))).map((finding) => [finding.severity, finding.seen]);
      for (const component of COMPONENTS) {
        expect(seen).toContainEqual(['error', expect.stringContaining(serverNameOf(component, namespace))]);
      }
      expect(seen).toContainEqual(['error', expect.stringContaining('CN=Test server expired at')]);
    });

    it('expire soon, which is a warning', async () => {
      const namespace = await cluster.newNamespace();
      const ending = await withSecrets(namespace, { notAfter: days(10.5, new Date()) });
      expect(await findingsIn(namespace, manual(ending))).toMatchObject([
        { severity: 'warning', seen: expect.stringContaining('in 10 days') },
        { severity: 'warning', seen: expect.stringContaining('in 10 days') },
      ]);
    });

    it('are about to be made from files, so that none need be there', async () => {
      const namespace = await cluster.newNamespace();
      const client = await clientFor(cluster);
      const files = await issueCertificate({ names: ['a'], now: new Date() });
      const given = COMPONENTS.map((component) => ({
        secret: { apiVersion: 'v1', kind: 'Secret', namespace, name: secretOf(component) },
        files,
      }));
      const subject = await subjectIn(client, namespace, { set: [manual(files)], certificates: given });
      expect((await resultOf(certificates, subject, client)).findings).toEqual([]);
    });
  });

  describe('in mode auto', () => {
    it('need not be there, and may be there', async () => {
      const namespace = await cluster.newNamespace();
      expect(await findingsIn(namespace)).toEqual([]);
      await withSecrets(namespace);
      expect(await findingsIn(namespace)).toEqual([]);
    });

    it('are broken, which is only an information: they are renewed', async () => {
      const namespace = await cluster.newNamespace();
      await withSecrets(namespace, { notBefore: days(-90, new Date()), notAfter: days(-3, new Date()) });
      const findings = await findingsIn(namespace);
      expect(findings).toHaveLength(2);
      for (const { severity, hint } of findings)
        expect([severity, hint]).toEqual(['info', expect.stringContaining('renewed')]);
    });
  });

  it('are cert-manager’s to make in its mode', async () => {
    const namespace = await cluster.newNamespace();
    await withSecrets(namespace, { names: ['else'] });
    expect(await findingsIn(namespace, 'global.certManagementMode=cert-manager')).toEqual([]);
  });

  describe('of the inference port', () => {
    const TLS = 'networking.kthenaRouter.tls.enabled=true';
    const SECRET = 'kthena-router-tls';

    it('are missing, which is a warning: the pods wait for them', async () => {
      const namespace = await cluster.newNamespace();
      expect(await findingsIn(namespace, TLS)).toMatchObject([
        { severity: 'warning', object: { name: SECRET }, hint: expect.stringContaining('kubectl create secret tls') },
      ]);
    });

    it('are another key’s, which blocks', async () => {
      const namespace = await cluster.newNamespace();
      const files = await withSecrets(namespace);
      await putSecret(cluster, namespace, SECRET, { ...files, ca: '' });
      expect(await findingsIn(namespace, TLS)).toEqual([]);
      await putSecret(cluster, namespace, SECRET, { ...files, privateKey: (await authority()).privateKey });
      expect(await findingsIn(namespace, TLS)).toMatchObject([
        { severity: 'error', seen: expect.stringContaining('does not belong') },
      ]);
    });
  });
});
