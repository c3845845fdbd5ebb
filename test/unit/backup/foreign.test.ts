import { beforeAll, describe, expect, it } from 'vitest';
import { ASIDE } from '../../../src/backup/format.js';
import { backupOf, forged, read, refusal, route } from './samples.js';

let text: string;

beforeAll(async () => {
  text = (await backupOf([route('a'), route('b', { status: { ok: true } })])).toString();
});

const BINDING = `---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: everybody-is-admin
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects: [{kind: Group, name: 'system:authenticated', apiGroup: rbac.authorization.k8s.io}]
`;

async function reasonFor(change: (body: string) => string): Promise<string> {
  const { details } = await refusal(read(forged(text, change)));
  return details.join('\n');
}

describe('a file whose checksum fits', () => {
  it('is refused for a kind of Kubernetes itself, with its place', async () => {
    const { message, details } = await refusal(read(forged(text, (body) => body + BINDING)));
    expect(message).toBe('backup.yaml is not acceptable');
    const line = text.split('\n').indexOf('# end: ' + text.split('# end: ')[1]!.trimEnd()) + 2;
    expect(details).toEqual([
      `backup.yaml:${line}: document 3: it is a ClusterRoleBinding of rbac.authorization.k8s.io; only resources of workload.serving.volcano.sh and networking.serving.volcano.sh are restored`,
    ]);
  });

  it('is refused though somebody says that it was edited on purpose', async () => {
    const error = await refusal(read(text.replace('# end: ', `${BINDING}# end: `), { edited: true }));
    expect(error.details.join()).toContain('it is a ClusterRoleBinding');
  });

  it('is told all that is wrong at once, up to a bound', async () => {
    const { details } = await refusal(read(forged(text, (body) => body + BINDING.repeat(30))));
    expect(details).toHaveLength(21);
    expect(details.at(-1)).toBe('and 10 more');
  });

  it('gives nothing to a restore after the first document that is wrong', async () => {
    const names: string[] = [];
    const bad = forged(text, (body) => body.replace('name: a\n', 'name: ../a\n'));
    const { readBackup } = await import('../../../src/backup/read.js');
    const { each, GROUPS } = await import('./samples.js');
    const reading = { name: 'x', groups: GROUPS, edited: false };
    await refusal(
      readBackup(each([Buffer.from(bad)]), reading, ({ resource }) => void names.push(resource.object.metadata.name)),
    );
    expect(names).toEqual([]);
  });

  it.each([
    ['a Secret', 'apiVersion: v1\nkind: Secret\nmetadata: {name: a}', 'it is a Secret of Kubernetes itself'],
    [
      'a group that only begins like one',
      'apiVersion: networking.serving.volcano.sh.evil/v1\nkind: A\nmetadata: {name: a}',
      'it is a A of',
    ],
    [
      'a path in the version',
      'apiVersion: networking.serving.volcano.sh/../v1\nkind: A\nmetadata: {name: a}',
      'its apiVersion is',
    ],
    [
      'a path in the kind',
      'apiVersion: networking.serving.volcano.sh/v1\nkind: ../A\nmetadata: {name: a}',
      'its kind is "../A"',
    ],
    ['a path in the name', 'metadata: {name: ../../etc/passwd, namespace: models}', 'its name is "../../etc/passwd"'],
    ['a name that addresses another object', 'metadata: {name: a/status, namespace: models}', 'its name is "a/status"'],
    ['a name with a query', 'metadata: {name: "a?dryRun=All", namespace: models}', 'its name is'],
    ['a path in the namespace', 'metadata: {name: a, namespace: ../kube-system}', 'its namespace is "../kube-system"'],
    ['a name of another type', 'metadata: {name: 1, namespace: models}', 'its name is not a text'],
    ['no name', 'metadata: {generateName: a}', 'its name is missing'],
    ['no metadata', 'metadata: null', 'it has no metadata'],
    ['labels that are none', 'metadata: {name: a, labels: {a: 1}}', 'its labels are not a map of texts'],
    ['owners that are none', 'metadata: {name: a, ownerReferences: [{kind: ../../x}]}', 'its ownerReferences are not'],
    ['a list', '- 1', 'it is not a resource'],
    ['nothing', '', 'it is not valid YAML'],
    ['a text', 'hello', 'it is not a resource'],
    ['two documents in one', 'metadata: {name: a}\n...\nkind: ClusterRoleBinding', 'it is not valid YAML'],
    ['an alias', 'metadata: &x {name: a}\nspec: *x', 'it has an alias'],
    ['a tag of JavaScript', 'metadata: !!js/function x', 'it is not valid YAML'],
    [
      'a key that is there twice',
      'metadata: {name: a}\nmetadata: {name: b}',
      'it is not valid YAML: duplicated mapping key',
    ],
  ])('is refused for %s', async (_what, document, reason) => {
    const type = 'apiVersion: networking.serving.volcano.sh/v1alpha1\nkind: ModelRoute\n';
    const whole = /^(metadata)/.test(document) ? `${type}${document}` : document;
    expect(await reasonFor((body) => `${body}---\n${whole}\n`)).toContain(reason);
  });

  it('is refused for a document on the line of its separator', async () => {
    expect(await reasonFor((body) => `${body}--- {kind: ClusterRoleBinding}\n`)).toContain(
      'begins on the line of its separator',
    );
  });

  it.each([
    ['no JSON', '{', 'the comment above it is not a map'],
    ['a list', '[]', 'the comment above it is not a map'],
    ['a status that is none', '{"status":[]}', 'its status is not a map'],
    [
      'an owner with a path',
      '{"ownerReferences":[{"apiVersion":"v1","kind":"Pod","name":"../x","uid":"1"}]}',
      'its ownerReferences are not',
    ],
    [
      'an owner named ..',
      '{"ownerReferences":[{"apiVersion":"v1","kind":"Pod","name":"..","uid":"1"}]}',
      'its ownerReferences are not',
    ],
  ])('is refused for %s kept aside', async (_what, aside, reason) => {
    expect(await reasonFor((body) => body.replace(/^# restore: .*$/m, () => ASIDE + aside))).toContain(reason);
  });

  it('is refused where it is not UTF-8', async () => {
    const bad = forged(text, (body) => body.replace('modelName: a', 'modelName: \u00ff'));
    const bytes = Buffer.from(bad, 'utf8');
    const at = bytes.indexOf(Buffer.from('ÿ'));
    bytes[at] = 0xff;
    expect((await refusal(read(bytes, { edited: true }))).details.join()).toContain('it is not UTF-8');
  });
});

it('never quotes more than a little of a document', async () => {
  const long = 'secret-'.repeat(1000);
  const reason = await reasonFor((body) => `${body}---\napiVersion: ${long}\nkind: X\nmetadata: {name: a}\n`);
  expect(reason.length).toBeLessThan(300);
});
