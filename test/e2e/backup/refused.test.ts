import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { backup } from '../../../src/actions/backup.js';
import { restore, type RestoreRequest, type RestoreResult } from '../../../src/actions/restore.js';
import type { KubeObject } from '../../../src/kube/object.js';
import { autoscalingPolicy, modelRoute, modelServer, modelServing } from './samples.js';
import { BUNDLE, contents, create, lab, must, recreateCrds, resources } from './setup.js';

const made = lab();
let file: string;
let number = 0;

beforeEach(async () => {
  await recreateCrds(made);
  file = join(made.folder, `backup-${++number}.yaml`);
});

async function backUp(...saved: KubeObject[]): Promise<void> {
  await create(made, saved);
  await backup(BUNDLE, { to: { file, replace: false }, kinds: [], namespaces: [], children: false }, made.context);
  await recreateCrds(made);
}

function bringBack(path: string, parts: Partial<RestoreRequest> = {}): Promise<RestoreResult> {
  const usual = { dryRun: false, allowEdited: false, dropUnknownFields: false, createNamespaces: false };
  return restore(BUNDLE, { file: path, ...usual, ...parts }, made.context);
}

/** Changes the schema of a CRD's only version, by a JSON patch. */
async function changeSchema(crd: string, ...patch: object[]): Promise<void> {
  const schema = '/spec/versions/0/schema/openAPIV3Schema';
  const operations = patch.map((one) => ({ ...one, path: `${schema}${(one as { path: string }).path}` }));
  await must(made.cluster.kubectl(['patch', 'crd', crd, '--type=json', '-p', JSON.stringify(operations)]));
  // The API server goes on with the old schema for a moment.
  await new Promise((resolve) => setTimeout(resolve, 2000));
}

const SERVERS = 'modelservers.networking.serving.volcano.sh';
const SPEC = '/properties/spec';

describe('resources that the present schema refuses', () => {
  beforeEach(async () => {
    await backUp(modelServer('a'), modelServer('b', { spec: { model: 'x' } }), modelRoute('fine'));
    await changeSchema(SERVERS, { op: 'add', path: `${SPEC}/required/-`, value: 'model' });
  });

  it('are named with the reason, and kept in a file of their own', async () => {
    const result = await bringBack(file);
    expect(result.kinds).toMatchObject({ ModelServer: { restored: 1, refused: 1 }, ModelRoute: { restored: 1 } });
    expect(result.incidents).toEqual([
      {
        type: 'refused',
        resource: 'ModelServer/models/a',
        line: expect.any(Number),
        reason: 'spec.model: Required value',
      },
    ]);
    expect(readFileSync(file, 'utf8').split('\n')[result.incidents[0]!.line - 1]).toContain('apiVersion');
    const refused = file.replace('.yaml', '.refused.yaml');
    expect(result.refusedFile).toBe(refused);
    expect([...(await resources(made)).keys()].sort()).toEqual(['ModelRoute/models/fine', 'ModelServer/models/b']);
  });

  it('are a backup that can be mended and restored', async () => {
    const { refusedFile } = await bringBack(file);
    const mended = readFileSync(refusedFile!, 'utf8').replace('spec:\n', 'spec:\n  model: mended\n');
    writeFileSync(refusedFile!, mended);
    await expect(bringBack(refusedFile!)).rejects.toThrow('was changed since it was made');
    const result = await bringBack(refusedFile!, { allowEdited: true });
    expect(result).toMatchObject({ kinds: { ModelServer: { restored: 1, refused: 0 } }, refusedFile: undefined });
    expect((await resources(made)).get('ModelServer/models/a')!['spec']).toMatchObject({ model: 'mended' });
  });

  it('are in the same file when the restore is run again, and never in place of another file', async () => {
    const first = await bringBack(file);
    expect((await bringBack(file)).refusedFile).toBe(first.refusedFile);
    expect(readdirSync(made.folder).filter((name) => name.includes(`-${number}.refused`))).toHaveLength(1);
    writeFileSync(first.refusedFile!, 'mine');
    const third = await bringBack(file);
    expect(third.refusedFile).toBe(file.replace('.yaml', '.refused-2.yaml'));
    expect(readFileSync(first.refusedFile!, 'utf8')).toBe('mine');
  });

  it('come back as they are from the file of refused ones that is refused again', async () => {
    const { refusedFile } = await bringBack(file);
    const again = await bringBack(refusedFile!);
    expect(again).toMatchObject({ refusedFile, kinds: { ModelServer: { refused: 1 } } });
  });

  it('are found in a dry run, which writes no file', async () => {
    const result = await bringBack(file, { dryRun: true });
    expect(result).toMatchObject({ kinds: { ModelServer: { restored: 1, refused: 1 } }, refusedFile: undefined });
    expect(existsSync(file.replace('.yaml', '.refused.yaml'))).toBe(false);
    expect((await contents(made)).size).toBe(0);
  });
});

describe('fields that the present schema does not have', () => {
  beforeEach(async () => {
    await backUp(modelServer('a', { spec: { model: 'x' } }), modelServer('b'));
    await changeSchema(SERVERS, { op: 'remove', path: `${SPEC}/properties/model` });
  });

  it('are not lost without a word: the resource is refused', async () => {
    const result = await bringBack(file);
    expect(result.kinds['ModelServer']).toMatchObject({ restored: 1, refused: 1 });
    expect(result.incidents[0]).toMatchObject({
      resource: 'ModelServer/models/a',
      reason: 'the present schema would drop the values of spec.model',
    });
  });

  it('are dropped if that is wanted', async () => {
    const result = await bringBack(file, { dropUnknownFields: true });
    expect(result.kinds['ModelServer']).toMatchObject({ restored: 2, refused: 0 });
    expect((await resources(made)).get('ModelServer/models/a')!['spec']).not.toHaveProperty('model');
    const again = await bringBack(file);
    expect(again.kinds['ModelServer'], 'what exists is kept, whatever the backup has').toMatchObject({ existing: 2 });
    expect(again.refusedFile).toBeUndefined();
  });
});

describe('a status that the present schema refuses', () => {
  const status = { replicas: 3, currentRevision: 'abc' };
  const SERVINGS = 'modelservings.workload.serving.volcano.sh';

  it('does not keep its resource from being restored, and is completed once it fits', async () => {
    await backUp(modelServing('a', { status }));
    const limit = `/properties/status/properties/replicas/maximum`;
    await changeSchema(SERVINGS, { op: 'add', path: limit, value: 1 });
    const result = await bringBack(file);
    expect(result.kinds['ModelServing']).toMatchObject({ restored: 1, withoutStatus: 1, refused: 0 });
    expect(result.incidents).toMatchObject([{ type: 'status-refused', resource: 'ModelServing/models/a' }]);
    expect(result.incidents[0]!.reason).toContain('status.replicas');
    await changeSchema(SERVINGS, { op: 'remove', path: limit });
    const again = await bringBack(result.refusedFile!);
    expect(again.kinds['ModelServing']).toMatchObject({ restored: 1, withoutStatus: 0, existing: 0 });
    expect((await resources(made)).get('ModelServing/models/a')!['status']).toEqual(status);
  });
});

describe('kinds and namespaces', () => {
  it('that the cluster does not serve end the restore before it begins', async () => {
    await backUp(modelServer('a'), autoscalingPolicy('b'));
    await must(made.cluster.kubectl(['delete', 'crd', SERVERS]));
    made.client.forgetDiscovery();
    await expect(bringBack(file)).rejects.toMatchObject({
      code: 'not-found',
      message: 'the cluster does not serve ModelServer (networking.serving.volcano.sh/v1alpha1); nothing was restored',
      hint: 'Bring the CRDs first: kthena install, or kthena crds upgrade.',
    });
    expect((await contents(made)).size).toBe(0);
  });

  it('that only an older Kthena knows are saved, and refused where they are not served', async () => {
    const crd = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'autoscalingpolicybindings.workload.serving.volcano.sh' },
      spec: {
        group: 'workload.serving.volcano.sh',
        scope: 'Namespaced',
        names: { kind: 'AutoscalingPolicyBinding', plural: 'autoscalingpolicybindings' },
        versions: [
          {
            name: 'v1alpha1',
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
          },
        ],
      },
    };
    await made.cluster.kubectl(['apply', '-f', '-'], { input: JSON.stringify(crd) });
    await must(made.cluster.kubectl(['wait', '--for=condition=Established', 'crd', crd.metadata.name]));
    made.client.forgetDiscovery();
    const binding = {
      apiVersion: 'workload.serving.volcano.sh/v1alpha1',
      kind: 'AutoscalingPolicyBinding',
      metadata: { name: 'old', namespace: 'models' },
      spec: { policyRef: { name: 'x' } },
    };
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await backUp(binding, modelRoute('a'));
    await must(made.cluster.kubectl(['delete', 'crd', crd.metadata.name]));
    made.client.forgetDiscovery();
    const result = await bringBack(file);
    expect(result.kinds).toMatchObject({ AutoscalingPolicyBinding: { refused: 1 }, ModelRoute: { restored: 1 } });
    expect(result.incidents[0]!.reason).toBe(
      'the cluster does not serve AutoscalingPolicyBinding of workload.serving.volcano.sh/v1alpha1',
    );
    expect(readFileSync(result.refusedFile!, 'utf8')).toContain('policyRef');
  });

  it('that are missing are named, and created if that is wanted', async () => {
    const temporary = await made.cluster.newNamespace('temporary');
    await backUp(modelRoute('a', { metadata: { namespace: temporary } }), modelRoute('b'));
    await must(made.cluster.kubectl(['delete', 'namespace', temporary, '--wait']));
    await expect(bringBack(file)).rejects.toMatchObject({
      details: [`namespace ${temporary} does not exist`],
      hint: 'Create them with what belongs into them, or add --create-namespace for empty ones.',
    });
    expect((await contents(made)).size).toBe(0);
    const tried = await bringBack(file, { createNamespaces: true, dryRun: true });
    expect(tried).toMatchObject({
      kinds: { ModelRoute: { restored: 1, untried: 1 } },
      createdNamespaces: [temporary],
    });
    const result = await bringBack(file, { createNamespaces: true });
    expect(result).toMatchObject({ kinds: { ModelRoute: { restored: 2 } }, createdNamespaces: [temporary] });
  });
});

describe('a file with something else in it', () => {
  it('brings nothing into the cluster', async () => {
    await backUp(modelRoute('a'));
    const binding = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'everybody-is-admin' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
    };
    const text = readFileSync(file, 'utf8').replace('# end: ', `---\n${JSON.stringify(binding)}\n# end: `);
    const edited = join(made.folder, 'edited.yaml');
    copyFileSync(file, edited);
    writeFileSync(edited, text);
    await expect(bringBack(edited)).rejects.toThrow('was changed since it was made');
    await expect(bringBack(edited, { allowEdited: true })).rejects.toMatchObject({
      details: [expect.stringContaining('document 2: it is a ClusterRoleBinding of rbac.authorization.k8s.io')],
    });
    expect((await contents(made)).size).toBe(0);
    expect((await made.cluster.kubectl(['get', 'clusterrolebinding', 'everybody-is-admin'])).code).toBe(1);
  });
});
