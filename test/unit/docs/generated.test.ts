import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { generateDocuments, replaceBetween, staleDocuments } from '../../../scripts/docs/documents.mjs';
import { code, table } from '../../../scripts/docs/markdown.mjs';
import { allowedIn, defaultOf, typeOf } from '../../../scripts/docs/schema.mjs';
import { root } from './markdown.js';

describe('the generated documentation', () => {
  it('is up to date and always the same', async () => {
    const documents = await generateDocuments(root);
    expect(await staleDocuments(root, documents)).toEqual([]);
    expect([...(await generateDocuments(root))]).toEqual([...documents]);
  });
});

describe('staleDocuments', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kthena-docs-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('names the files that differ or are missing', async () => {
    mkdirSync(join(folder, 'docs'));
    writeFileSync(join(folder, 'docs', 'right.md'), 'new');
    writeFileSync(join(folder, 'docs', 'old.md'), 'old');
    const expected = new Map(['docs/right.md', 'docs/old.md', 'docs/missing.md'].map((path) => [path, 'new']));
    expect(await staleDocuments(folder, expected)).toEqual(['docs/old.md', 'docs/missing.md']);
  });
});

describe('replaceBetween', () => {
  it('leaves what stands around the markers', () => {
    const text = 'before\n<!-- values:begin -->\nold\n<!-- values:end -->\nafter\n';
    const replaced = replaceBetween(text, 'values', 'new\n');
    expect(replaced).toMatch(/^before\n<!-- values:begin -->\n[\s\S]*\nnew\n[\s\S]*\n<!-- values:end -->\nafter\n$/);
    expect(replaced).not.toContain('old');
    expect(replaceBetween(replaced, 'values', 'new\n')).toBe(replaced);
  });

  it('refuses a text without them', () => {
    expect(() => replaceBetween('<!-- values:end --> <!-- values:begin -->', 'values', '')).toThrow('values:begin');
  });
});

describe('what a table says of a value', () => {
  const formats = { duration: { expected: 'a duration such as 5m' } };

  it.each([
    [{ type: 'integer', default: 3, minimum: 0, maximum: 9 }, 'integer', '3', '0 to 9'],
    [{ type: 'number', minimum: 1 }, 'number', '', '1 or more'],
    [{ type: 'number', maximum: 1 }, 'number', '', '1 or less'],
    [{ type: 'string', enum: ['a', 'b'], default: 'a' }, 'string', 'a', '`a`, `b`'],
    [{ type: 'string', format: 'duration', default: '' }, 'string', "''", 'a duration such as 5m, or empty'],
    [{ type: 'string', format: 'duration', minLength: 1 }, 'string', '', 'a duration such as 5m'],
    [{ type: 'string', default: 'yes', minLength: 1 }, 'string', "'yes'", 'not empty'],
    [{ type: 'string', default: 'true' }, 'string', "'true'", ''],
    [
      { type: ['integer', 'string'], minimum: 0, format: 'duration', minLength: 1 },
      'integer or string',
      '',
      '0 or more, or a duration such as 5m',
    ],
    [{ type: 'array', items: { type: 'string' }, default: ['x'] }, 'list of string', '[x]', ''],
    [{ type: 'array', items: { type: 'object', properties: { a: {} } }, default: [] }, 'list of map', '[]', ''],
    [{ type: 'object', default: { cpu: '1', memory: '1Gi' } }, 'map', "{cpu: '1', memory: 1Gi}", ''],
    [
      { type: 'object', propertyNames: { minLength: 1 }, additionalProperties: { type: 'number', minimum: 0 } },
      'map of number',
      '',
      'keys: not empty; values: 0 or more',
    ],
    [
      {
        anyOf: [
          { type: 'string', minLength: 1 },
          { type: 'array', items: { type: 'string', enum: ['a'] } },
        ],
      },
      'string or list of string',
      '',
      'string: not empty; list of string: `a`',
    ],
  ])('%j', (schema, type, standard, allowed) => {
    expect(typeOf(schema)).toBe(type);
    expect(defaultOf(schema)).toBe(standard);
    expect(allowedIn(schema, formats)).toBe(allowed);
  });

  it('does not pass over a format it does not know', () => {
    expect(() => allowedIn({ type: 'string', format: 'colour' }, formats)).toThrow('colour');
  });

  it('cannot break a table', () => {
    expect(table(['A'], [['x | y\nz']])).toBe('| A |\n| --- |\n| x \\| y<br>z |\n');
    expect(code('')).toBe('');
  });
});
