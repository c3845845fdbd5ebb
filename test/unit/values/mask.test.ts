import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { maskSecrets } from '../../../src/values/mask.js';
import type { Schema } from '../../../src/values/schema.js';
import type { Values } from '../../../src/values/value.js';

const schema = JSON.parse(
  readFileSync(new URL('../../../manifests/values.schema.json', import.meta.url), 'utf8'),
) as Schema;
const manager = (values: Values): Values => ({ workload: { controllerManager: values } });

describe('maskSecrets', () => {
  it('hides credentials that are set, and only them', () => {
    const values = manager({ replicas: 2, downloader: { accessKey: 'ak', secretKey: '' } });
    expect(maskSecrets(values, schema)).toEqual(
      manager({ replicas: 2, downloader: { accessKey: '********', secretKey: '' } }),
    );
    expect(values).toEqual(manager({ replicas: 2, downloader: { accessKey: 'ak', secretKey: '' } }));
  });

  it('tells nothing of their length', () => {
    const masked = (secret: string): string =>
      JSON.stringify(maskSecrets(manager({ downloader: { secretKey: secret } }), schema));
    expect(masked('x')).toBe(masked('a much longer secret'));
  });

  it('keeps null: it says that the user removed the value', () => {
    expect(maskSecrets(manager({ downloader: { secretKey: null } }), schema)).toEqual(
      manager({ downloader: { secretKey: null } }),
    );
  });

  it.each<Values>([
    { secretkey: 'hunter2' },
    { secretKey: { nested: 'hunter2' } },
    { secretKey: ['hunter2'] },
    { secretKey: 5 },
  ])('hides %j, which is no valid value', (downloader) => {
    expect(JSON.stringify(maskSecrets(manager({ downloader }), schema))).not.toMatch(/hunter2|5/);
  });

  it('hides what stands where a map with credentials belongs', () => {
    expect(maskSecrets(manager({ downloader: 'hunter2' }), schema)).toEqual(manager({ downloader: '********' }));
    expect(maskSecrets({ workload: 'hunter2' }, schema)).toEqual({ workload: '********' });
  });

  it('hides credentials inside lists and free maps', () => {
    const secret: Schema = { type: 'object', properties: { token: { type: 'string', writeOnly: true } } };
    const own: Schema = {
      properties: { list: { type: 'array', items: secret }, map: { type: 'object', additionalProperties: secret } },
    };
    expect(maskSecrets({ list: [{ token: 'a' }], map: { any: { token: 'b' } } }, own)).toEqual({
      list: [{ token: '********' }],
      map: { any: { token: '********' } },
    });
  });

  it('treats keys that objects inherit as data', () => {
    const values = JSON.parse('{"__proto__":{"a":1},"constructor":2}') as Values;
    expect(JSON.stringify(maskSecrets(values, schema))).toBe('{"__proto__":{"a":1},"constructor":2}');
  });
});
