import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { loadBuiltInBundle } from '../../../src/bundle/built-in.js';
import type { TemplateNode } from '../../../src/bundle/bundle.js';
import { createScope } from '../../../src/render/render.js';
import { evaluateTemplate } from '../../../src/render/template.js';
import { codeBlocks, read } from './markdown.js';

const bundle = await loadBuiltInBundle();
const scope = createScope(bundle, bundle.defaults, { name: 'kthena', namespace: 'kthena-system' });
const blocks = codeBlocks(read('docs/templates.md'));
const templates = blocks.flatMap(({ info, text }, index) =>
  info === 'yaml template' ? [{ template: text, result: blocks[index + 1] }] : [],
);

describe('the templates in docs/templates.md', () => {
  it('are found, each with its result', () => {
    expect(templates.length).toBeGreaterThan(5);
    for (const { result } of templates) expect(result?.info).toBe('yaml result');
  });

  it.each(templates)('come to what is shown: $template', ({ template, result }) => {
    const node = load(template) as TemplateNode;
    expect(evaluateTemplate(node, scope)).toEqual(load(result!.text));
  });
});
