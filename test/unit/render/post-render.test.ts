import { describe, expect, it } from 'vitest';
import { KthenaError } from '../../../src/errors.js';
import { postRender, postRenderedObjects } from '../../../src/render/post-render.js';
import { printManifest } from '../../../src/render/print.js';
import type { RenderedObject } from '../../../src/render/render.js';

const RELEASE = { name: 'kthena', namespace: 'models' };

const rendered = (kind: string, name: string): RenderedObject => ({
  source: `manifests/x/${name}.yaml`,
  object: { apiVersion: 'v1', kind, metadata: { name, namespace: 'models' } },
});
const BEFORE = [rendered('Secret', 'a'), rendered('ConfigMap', 'b')];

const read = (text: string): RenderedObject[] => postRenderedObjects(text, BEFORE, RELEASE);

function refusalOf(text: string): string[] {
  try {
    read(text);
  } catch (error) {
    if (error instanceof KthenaError && error.code === 'render') return [error.message, ...error.details];
    throw error;
  }
  return expect.fail('it was taken');
}

const object = (kind: string, metadata: string, apiVersion = 'v1'): string =>
  `---\napiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: ${metadata}\n`;

describe('what a post-renderer prints', () => {
  it('unchanged, is what it was given', () => {
    expect(read(printManifest('kthena', BEFORE))).toEqual(BEFORE);
  });

  it('is put in the order of creation; each object keeps its template, and an added one has none', () => {
    const text = object('Deployment', '{name: d}', 'apps/v1') + object('ConfigMap', '{name: b, namespace: models}');
    expect(read(text).map(({ source, object: { metadata } }) => [source, metadata.name])).toEqual([
      ['manifests/x/b.yaml', 'b'],
      ['post-renderer.yaml', 'd'],
    ]);
  });

  it('gets the namespace of the release where it has none and its kind is known to have one', () => {
    const text = [
      object('ConfigMap', '{name: none}'),
      object('ConfigMap', '{name: other, namespace: elsewhere}'),
      object('ClusterRole', '{name: cluster, namespace: models}', 'rbac.authorization.k8s.io/v1'),
      object('Unknown', '{name: unknown}', 'example.com/v1'),
    ].join('');
    const namespaces = read(text).map(({ object: { metadata } }) => [metadata.name, metadata.namespace]);
    expect(namespaces).toEqual([
      ['none', 'models'],
      ['other', 'elsewhere'],
      ['cluster', undefined],
      ['unknown', undefined],
    ]);
  });

  it('may be a list', () => {
    const item = '{apiVersion: v1, kind: ConfigMap, metadata: {name: b}}';
    expect(read(`{apiVersion: v1, kind: List, items: [${item}]}`)).toHaveLength(1);
  });

  it.each([
    ['nothing', '', 'it has no objects'],
    ['a comment', '# nothing\n---\n', 'it has no objects'],
    ['no YAML', 'a: b\nc: [1\n', 'line 3:1: it is not valid YAML'],
    ['a text', 'done\n', 'it has a document that is not a map'],
    ['no kind', 'apiVersion: v1\nmetadata: {name: a}\n', 'it has an object without apiVersion or kind'],
    ['no name', object('ConfigMap', '{generateName: a-}'), 'it has a ConfigMap without a name'],
  ])('is refused: %s', (_name, text, message) => {
    expect(refusalOf(text)[0]).toBe(`the output of the post-renderer cannot be used: ${message}`);
  });

  it.each([
    ['an object twice', object('ConfigMap', '{name: b}') + object('ConfigMap', '{name: b, namespace: models}')],
    ['a CRD', object('CustomResourceDefinition', '{name: models.example.com}', 'apiextensions.k8s.io/v1')],
    ['the namespace of the release', object('Namespace', '{name: models}')],
    ['labels that are no texts', object('ConfigMap', '{name: b, labels: {a: 1}}')],
    ['labels that are no map', object('ConfigMap', '{name: b, labels: text}')],
    ['a namespace that is no text', object('ConfigMap', '{name: b, namespace: 5}')],
    ['an apiVersion that is none', object('ConfigMap', '{name: b}', '../v1/x')],
  ])('is refused, and the object named: %s', (_name, text) => {
    expect(refusalOf(text)).toMatchObject([
      expect.stringMatching(/^the output of the post-renderer cannot be used: it has objects that /),
      expect.stringMatching(/^\w+\/(models\/)?(b|models|models\.example\.com): /),
    ]);
  });

  it('is not quoted in an error', () => {
    expect(refusalOf('password: "s3cret\n').join()).not.toContain('s3cret');
  });
});

it('a post-renderer gets the objects with their templates, and may talk meanwhile', async () => {
  const filter = { command: 'sh', args: ['-c', 'sed "s/^  name: b/  name: c/"; echo renamed b >&2'] };
  const { objects, remarks } = await postRender({ name: 'kthena' }, RELEASE, BEFORE, { filter });
  expect(objects.map(({ source, object: { metadata } }) => [source, metadata.name])).toEqual([
    ['manifests/x/a.yaml', 'a'],
    ['post-renderer.yaml', 'c'],
  ]);
  expect(remarks).toEqual(['renamed b']);
});
