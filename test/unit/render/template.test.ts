import { describe, expect, it } from 'vitest';
import type { TemplateNode } from '../../../src/bundle/bundle.js';
import { createContext, createEnvironment } from '../../../src/render/expressions.js';
import { evaluateTemplate, expressionProblem, expressionsIn } from '../../../src/render/template.js';

const schema = {
  type: 'object',
  properties: {
    on: { type: 'boolean' },
    name: { type: 'string' },
    replicas: { type: 'integer' },
    weight: { type: 'number' },
    labels: { type: 'object' },
    args: { type: 'array', items: { type: 'string' } },
    image: { type: 'object', properties: { tag: { type: 'string' } } },
  },
};
const values = {
  on: true,
  name: 'router',
  replicas: 3,
  weight: 2,
  labels: { a: '1' },
  args: ['x', 'y'],
  image: { tag: 'v1' },
};

function evaluate(node: TemplateNode, own: Record<string, unknown> = values): unknown {
  const environment = createEnvironment(schema, {});
  return evaluateTemplate(node, { environment, context: createContext(schema, {}, own), results: new Map() });
}

describe('evaluateTemplate', () => {
  it('gives an expression that is a whole value its type', () => {
    expect(evaluate({ a: '${ replicas }', b: '${ on }', c: '${ labels }', d: '${ weight }' })).toEqual({
      a: 3,
      b: true,
      c: { a: '1' },
      d: 2,
    });
  });

  it('writes expressions into a text', () => {
    expect(evaluate('${ name }:${ image.tag }-${ replicas }-${ weight }-${ on }')).toBe('router:v1-3-2-true');
  });

  it('keeps or drops a document, a value and a list item by $if', () => {
    expect(evaluate({ $if: '${ !on }', kind: 'Service' })).toBeUndefined();
    expect(evaluate({ a: { $if: '${ on }', b: 1 }, c: { $if: '${ !on }', d: 1 } })).toEqual({ a: { b: 1 } });
    expect(
      evaluate([
        { $if: '${ on }', $value: '--x' },
        { $if: '${ !on }', $value: '--y' },
      ]),
    ).toEqual(['--x']);
  });

  it('does not evaluate what $if drops', () => {
    expect(evaluate({ a: { $if: '${ !on }', $value: '${ args[99] }' } })).toEqual({});
  });

  it('puts the items of $splice in its place', () => {
    expect(evaluate(['a', { $splice: '${ args }' }, 'b'])).toEqual(['a', 'x', 'y', 'b']);
    expect(evaluate(['a', { $splice: { $if: '${ !on }', $value: ['n'] } }])).toEqual(['a']);
  });

  it('lets own keys win over merged ones', () => {
    expect(evaluate({ $merge: '${ labels }', b: '2' })).toEqual({ a: '1', b: '2' });
    expect(evaluate({ $merge: '${ labels }', a: 'own' })).toEqual({ a: 'own' });
  });

  it('leaves out a key whose expression comes to an empty list or map', () => {
    const empty = { ...values, labels: {}, args: [] };
    expect(evaluate({ a: '${ labels }', b: '${ args }', c: 'x' }, empty)).toEqual({ c: 'x' });
  });

  it('takes text, lists and maps that the user removed for empty ones', () => {
    expect(evaluate({ a: '${ labels }', b: '${ args }', c: '${ name == "" }' }, { on: true })).toEqual({ c: true });
  });

  it('says which place and which expression failed', () => {
    expect(() => evaluate({ spec: { replicas: '${ nmae }' } })).toThrow(/spec\.replicas: \$\{ nmae \}.*nmae/);
    expect(() => evaluate({ a: '${ image.tga }' })).toThrow('a: ${ image.tga }: No such key: tga');
  });

  it('refuses a directive it does not know', () => {
    expect(() => evaluate({ spec: { $when: 'x' } })).toThrow('spec: $when is not a directive');
  });

  it('treats __proto__ as a key like any other', () => {
    const hostile = JSON.parse('{"labels": {"__proto__": {"polluted": true}}}') as Record<string, unknown>;
    const result = evaluate({ a: '${ labels }' }, hostile) as { a: object };
    expect(Object.keys(result.a)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('expressionProblem', () => {
  const problems = (node: TemplateNode): (string | undefined)[] =>
    [...expressionsIn(node)].map((found) => expressionProblem(createEnvironment(schema, {}), found));

  it('finds nothing in expressions that fit', () => {
    expect(problems({ a: '${ replicas }', $if: '${ on }', b: [{ $splice: '${ args }' }], c: 'x-${ name }' })).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('finds a key the schema does not have, without any values', () => {
    expect(problems({ a: '${ image.tagg }' })).toEqual(['No such key: tagg']);
  });

  it('finds a type that does not fit its use', () => {
    expect(problems({ $if: '${ name }' })).toEqual(['it is a string, which cannot be used here']);
    expect(problems([{ $splice: '${ labels }' }])).toEqual(['it is a map, which cannot be used here']);
    expect(problems('a-${ labels }')).toEqual(['it is a map, which cannot be used here']);
  });

  it('refuses regular expressions', () => {
    expect(problems({ $if: '${ on && (name + "x").matches("(a+)+$") }' })).toEqual([
      'matches() is not available: a pattern can run for minutes',
    ]);
  });
});
