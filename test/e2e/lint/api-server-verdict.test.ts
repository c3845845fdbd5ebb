import { afterAll, describe, expect, inject, it } from 'vitest';
import { BROKEN_OBJECTS } from '../../unit/lint/broken-objects.js';
import { SOUND_OBJECTS } from '../../unit/lint/sound-objects.js';
import { isServed, openDryRun } from './dry-run.js';

const dryRun = openDryRun(inject('cluster'));
afterAll(() => dryRun.close());

describe('the API server accepts what the lint finds sound', () => {
  const objects = SOUND_OBJECTS.filter(isServed);
  it.each(objects.map((object) => [object.kind, object] as const))('%s', async (_kind, object) => {
    const { status, answer } = await dryRun.apply(object);
    expect([200, 201], answer).toContain(status);
  });
});

describe('the API server says what the unit tests of the lint believe it says to', () => {
  const cases = BROKEN_OBJECTS.filter(({ object }) => isServed(object));
  it.each(cases.map((broken) => [broken.what, broken] as const))('%s', async (_what, broken) => {
    const { status, answer } = await dryRun.apply(broken.object);
    // 500 is its answer where the object does not fit the Go type at all.
    expect(broken.server === 'accepts' ? [200, 201] : [400, 422, 500], answer).toContain(status);
  });
});
