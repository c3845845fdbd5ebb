import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backup } from '../../../src/actions/backup.js';
import { restore } from '../../../src/actions/restore.js';
import type { KthenaError } from '../../../src/errors.js';
import { manyResources } from './samples.js';
import { BUNDLE, contents, create, lab, must, clear } from './setup.js';

const made = lab();
let file: string;
const REQUEST = { dryRun: false, allowEdited: false, dropUnknownFields: false, createNamespaces: false };

const CONFIGURATION = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
  metadata: { name: 'kthena-validating-webhook' },
  webhooks: [
    {
      name: 'modelroute.kthena.test',
      failurePolicy: 'Fail',
      sideEffects: 'None',
      admissionReviewVersions: ['v1'],
      clientConfig: { service: { namespace: 'others', name: 'kthena-webhook', path: '/validate', port: 443 } },
      rules: [
        {
          apiGroups: ['networking.serving.volcano.sh'],
          apiVersions: ['*'],
          operations: ['CREATE', 'UPDATE'],
          resources: ['modelroutes'],
        },
      ],
    },
  ],
};

beforeAll(async () => {
  await create(made, manyResources(200));
  file = join(made.folder, 'backup.yaml.gz');
  await backup(BUNDLE, { to: { file, replace: false }, kinds: [], namespaces: [], children: false }, made.context);
  await clear(made);
  await must(made.cluster.kubectl(['create', 'service', 'clusterip', 'kthena-webhook', '--tcp=443', '-n', 'others']));
  await must(made.cluster.kubectl(['apply', '-f', '-'], { input: JSON.stringify(CONFIGURATION) }));
  // Until the API server has taken the configuration up.
  await new Promise((resolve) => setTimeout(resolve, 2000));
});
afterAll(async () => void (await made.cluster.kubectl(['delete', 'validatingwebhookconfiguration', '--all'])));

describe('a webhook that must be asked and whose service has no endpoints', () => {
  it.each([true, false])('ends a restore at its first resource, with the way out (dry run: %s)', async (dryRun) => {
    const start = performance.now();
    const error = await restore(BUNDLE, { file, ...REQUEST, dryRun }, made.context).then(
      () => expect.fail('it was restored'),
      (reason: unknown) => reason as KthenaError,
    );
    expect(performance.now() - start).toBeLessThan(20_000);
    expect(error.message).toBe('stopped: a webhook that must be asked does not answer, so that nothing can be created');
    expect(error.details[0]).toContain('failed calling webhook "modelroute.kthena.test"');
    expect(error.details.join('\n')).toContain('its service others/kthena-webhook has no ready endpoint');
    expect(error.details.at(-1)).toMatch(/of 200 resources were (dealt with|tried) until then/);
    expect(error.hint).toMatch(/kthena status.*Run the same command again to go on/);
  });

  it('leaves a restore that is run again to go on where it was', async () => {
    await must(made.cluster.kubectl(['delete', 'validatingwebhookconfiguration', '--all']));
    await new Promise((resolve) => setTimeout(resolve, 2000));
    await restore(BUNDLE, { file, ...REQUEST }, made.context);
    expect((await contents(made)).size).toBe(200);
  });
});
