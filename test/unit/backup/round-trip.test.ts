import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/kube/object.js';
import { saved } from '../../../src/backup/resource.js';
import { Tally } from '../../../src/backup/tally.js';
import { backupOf, LARGE_INTEGERS, NASTY_TEXTS, randomFrom, randomValue, read, route } from './samples.js';

/** What the API server keeps of texts: it has no lone surrogates. */
const TEXTS = NASTY_TEXTS.filter((text) => !text.includes('\ud800'));
const SHORT_TEXTS = TEXTS.filter((text) => text.length < 150);

function strange(index: number, random: () => number): KubeObject {
  const texts = Object.fromEntries(TEXTS.map((text, at) => [`example.com/${at}`, text]));
  return route(`route-${index}`, {
    metadata: {
      labels: { app: 'yes', '0': '1e3' },
      annotations: index % 10 === 0 ? texts : { note: TEXTS[index % TEXTS.length] },
    },
    spec: { anything: randomValue(random), list: [randomValue(random), randomValue(random)] },
    ...(index % 3 === 0 ? { status: { conditions: [randomValue(random)], note: TEXTS[index % TEXTS.length] } } : {}),
  });
}

const random = randomFrom(7);
const objects = Array.from({ length: 400 }, (_, index) => strange(index, random));

describe('what is written', () => {
  it.each([1 << 16, 4099, 61])('comes back as it was, read %i bytes at a time', async (chunk) => {
    const some = chunk < 100 ? objects.slice(0, 40) : objects;
    const { documents, tally } = await read(await backupOf(some), { chunk });
    expect(documents.map(({ resource }) => resource)).toEqual(some.map((object) => saved(object)));
    const before = new Tally();
    for (const object of some) before.add(saved(object));
    expect(tally.fingerprint()).toBe(before.fingerprint());
  });

  it('comes back byte by byte', async () => {
    const file = await backupOf(objects.slice(0, 3));
    const { documents } = await read(file, { chunk: 1 });
    expect(documents.map(({ resource }) => resource)).toEqual(objects.slice(0, 3).map((object) => saved(object)));
  });

  it('keeps every text in every place', async () => {
    const some = TEXTS.map((text, index) =>
      route(`r${index}`, {
        metadata: { annotations: { note: text, other: `${text}${text}` } },
        spec: { text, list: [text, [text]], map: { [text]: { [text]: text } } },
        status: { text, map: { [text]: [text] } },
      }),
    );
    const { documents } = await read(await backupOf(some));
    expect(documents.map(({ resource }) => resource)).toEqual(some.map((object) => saved(object)));
  });

  it('keeps integers that a number cannot hold', async () => {
    const object = route('seeds', { spec: { seeds: LARGE_INTEGERS }, status: { seed: LARGE_INTEGERS[0] } });
    const file = await backupOf([object]);
    expect(file.toString()).toContain('- 9007199254740993\n');
    const [document] = (await read(file)).documents;
    expect(document!.resource).toEqual(saved(object));
  });

  it('is JSON where it is very large, and comes back all the same', async () => {
    const large = route('large', {
      spec: {
        texts: TEXTS.map((text) => text.repeat(2000)),
        seeds: LARGE_INTEGERS,
        keys: Object.fromEntries(SHORT_TEXTS.map((text) => [text, 1])),
      },
      status: { texts: TEXTS },
    });
    const file = await backupOf([route('a'), large, route('b')]);
    expect(file.toString()).toMatch(/\n\{"apiVersion":.*\}\n---\n/);
    const { documents } = await read(file);
    expect(documents.map(({ resource }) => resource)).toEqual([route('a'), large, route('b')].map((one) => saved(one)));
  });

  it('is not JSON where a key is longer than kubectl reads in JSON', async () => {
    const large = route('large', { spec: { ['k'.repeat(400)]: 'v'.repeat(300_000) } });
    const file = await backupOf([large]);
    expect(file.toString()).not.toMatch(/^\{/m);
    const { documents } = await read(file);
    expect(documents.map(({ resource }) => resource)).toEqual([saved(large)]);
  });

  it('is not too large for any resource that an API server takes', async () => {
    const huge = route('huge', { spec: { text: 'x'.repeat(3 << 20), lines: 'some words\n'.repeat(100_000) } });
    const { documents } = await read(await backupOf([huge]));
    expect(documents.map(({ resource }) => resource)).toEqual([saved(huge)]);
  });

  it('has no line that looks like a separator or a comment within a document', async () => {
    const text = (await backupOf(objects)).toString();
    const lines = text.split(/\r\n|[\n\r\u0085\u2028\u2029]/);
    expect(lines.filter((line) => line.startsWith('---')).length).toBe(objects.length);
    expect(lines.filter((line) => line.startsWith('# restore: ')).length).toBe(
      objects.filter(({ status }) => status !== undefined).length,
    );
    expect(lines.filter((line) => line.startsWith('# end: ')).length).toBe(1);
  });

  it('knows the line of each document', async () => {
    const file = await backupOf(objects.slice(0, 50));
    const lines = file.toString().split('\n');
    for (const { line, text } of (await read(file)).documents) expect(lines[line - 1]).toBe(text.split('\n')[0]);
  });
});

describe('what is left out', () => {
  it('is all that the server sets', async () => {
    const live = route('live', {
      metadata: {
        uid: '1',
        resourceVersion: '2',
        generation: 3,
        creationTimestamp: '2026-01-01T00:00:00Z',
        managedFields: [],
        selfLink: '/x',
        labels: { a: 'b' },
        finalizers: ['example.com/hold'],
      },
    });
    const [document] = (await read(await backupOf([live]))).documents;
    expect(document!.resource.object.metadata).toEqual({
      name: 'live',
      namespace: 'models',
      labels: { a: 'b' },
      finalizers: ['example.com/hold'],
    });
  });

  it('is what kubectl must not see: status and owners stand in a comment', async () => {
    const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'owner', uid: '1' };
    const live = route('owned', { metadata: { ownerReferences: [owner] }, status: { phase: 'Ready' } });
    const text = (await backupOf([live])).toString();
    const document = text.slice(text.indexOf('---'), text.indexOf('# end: '));
    const seen = document.replace(/^#.*$/gm, '');
    expect(seen).not.toMatch(/status|owner:|ownerReferences|Deployment/);
    const [restored] = (await read(text)).documents;
    expect(restored!.resource.aside).toEqual({ ownerReferences: [owner], status: { phase: 'Ready' } });
  });
});

it('says what is in it', async () => {
  const { header, trailer } = await read(await backupOf([route('a'), route('b'), route('constructor')]));
  expect(header).toMatchObject({ tool: 'kthena 1.0.0', server: 'https://127.0.0.1:6443', children: false });
  expect(trailer).toMatchObject({ resources: 3, kinds: { ModelRoute: 3 }, namespaces: { models: 3 } });
});

it('can be empty', async () => {
  const { documents, trailer } = await read(await backupOf([]));
  expect(documents).toEqual([]);
  expect(trailer.resources).toBe(0);
});
