import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { listImages, type ImageList } from '../../src/actions/images.js';
import { prepare, type Prepared } from '../../src/actions/prepare.js';
import { loadBuiltInBundle } from '../../src/bundle/built-in.js';
import { presentImageNames, presentImages } from '../../src/report/images.js';

const cases = new URL('cases/', import.meta.url);
const bundle = await loadBuiltInBundle();
const release = { name: 'kthena', namespace: 'kthena-system' };

function prepared(files: string[], ...set: string[]): Promise<Prepared> {
  return prepare(bundle, {
    release,
    values: { files, set, setString: [], setFile: [], setJson: [], setLiteral: [] },
    skipSchemaValidation: false,
    readStdin: () => Promise.reject(new Error('nothing reads standard input here')),
  });
}

const imagesWith = async (...set: string[]): Promise<ImageList> =>
  listImages(bundle, release, await prepared([], ...set));

describe('the images of an install', () => {
  it.each(readdirSync(cases))('%s: are those of its objects', async (name) => {
    const { images } = listImages(bundle, release, await prepared([new URL(`${name}/values.yaml`, cases).pathname]));
    const objects = readFileSync(new URL(`${name}/objects.yaml`, cases), 'utf8');
    const rendered = [...objects.matchAll(/^ +(?:image|model_serving_\w+_image): (.*)$/gm)].map(([, image]) => image);
    expect(images.map(({ image }) => image)).toEqual([...new Set(rendered)].sort());
  });

  it('are listed with where they come from', async () => {
    expect(presentImages((await imagesWith()).images, 'text')).toBe(
      [
        'ghcr.io/volcano-sh/downloader:v1.0.0',
        '  started later, beside models: workload.controllerManager.downloaderImage',
        'ghcr.io/volcano-sh/kthena-controller-manager:v1.0.0',
        '  Deployment/kthena-controller-manager: container kthena-controller-manager',
        'ghcr.io/volcano-sh/kthena-router:v1.0.0',
        '  Deployment/kthena-router: container kthena-router',
        'ghcr.io/volcano-sh/runtime:v1.0.0',
        '  started later, beside models: workload.controllerManager.runtimeImage',
        '',
      ].join('\n'),
    );
  });

  it('are listed once where they are used twice', async () => {
    const path = 'workload.controllerManager';
    const { images } = await imagesWith(`${path}.runtimeImage.repository=a/b,${path}.downloaderImage.repository=a/b`);
    const shared = images.filter(({ image }) => image === 'a/b:v1.0.0');
    expect(shared.map(({ usedBy }) => usedBy.length)).toEqual([2]);
  });

  it('name what they are copies of', async () => {
    const { images, warnings } = await imagesWith('global.imageRegistry=r.example.com');
    expect(images.map(({ image, source }) => [image, source])).toContainEqual([
      'r.example.com/volcano-sh/kthena-router:v1.0.0',
      'ghcr.io/volcano-sh/kthena-router:v1.0.0',
    ]);
    expect(images.every(({ image }) => image.startsWith('r.example.com/volcano-sh/'))).toBe(true);
    expect(warnings).toEqual([]);
  });

  it('of two registries that become one are both listed, with a warning', async () => {
    const path = 'workload.controllerManager';
    const { images, warnings } = await imagesWith(
      'global.imageRegistry=r.example.com',
      `${path}.runtimeImage.repository=a.io/x/y,${path}.downloaderImage.repository=b.io/x/y`,
    );
    expect(warnings).toEqual(['a.io/x/y:v1.0.0 and b.io/x/y:v1.0.0 would both be r.example.com/x/y:v1.0.0']);
    expect(presentImageNames(images).match(/x\/y/g)).toHaveLength(1);
  });

  it('that the controllers start later stand where the bundle says', async () => {
    const { images } = await imagesWith();
    const keys = images.flatMap(({ usedBy }) => usedBy.flatMap((use) => ('key' in use ? [use.key] : [])));
    expect(keys.sort()).toEqual(bundle.images!.map(({ key }) => key).sort());
  });
});
