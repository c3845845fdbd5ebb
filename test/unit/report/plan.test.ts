import { describe, expect, it } from 'vitest';
import type { CrdUpgrade } from '../../../src/crds/upgrade-plan.js';
import type { KubeObject } from '../../../src/kube/object.js';
import type { Change, Modification, Obstacle } from '../../../src/plan/plan.js';
import { obstaclesText, planDocument, planText, type PlannedChanges } from '../../../src/report/plan.js';

const release = { name: 'kthena', namespace: 'models' };
const namespace: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'models' } };

function object(kind: string, name: string): KubeObject {
  return { apiVersion: 'v1', kind, metadata: { name, namespace: 'models' } };
}

const nothing: Modification = { differences: [], conflicts: [], kept: [], takesOver: [] };
const scaled = { path: '.spec.replicas', manager: 'kubectl (scale)', before: 3, after: 1 };

function planned(changes: Change[], parts: { obstacles?: Obstacle[]; upgrades?: CrdUpgrade[] } = {}): PlannedChanges {
  const { obstacles = [], upgrades = [] } = parts;
  return { release, plan: { found: { namespace, objects: { changes, obstacles } }, upgrades, certificates: [] } };
}

function crd(parts: Partial<CrdUpgrade>): CrdUpgrade {
  return {
    name: 'models.example.com',
    wanted: object('CustomResourceDefinition', 'models.example.com'),
    installed: object('CustomResourceDefinition', 'models.example.com'),
    action: 'upgrade',
    changes: [{ path: 'v1: spec.size', rule: 'required-added', rating: 'tightening', message: 'is required now' }],
    affected: [],
    unchecked: [],
    conflicts: [],
    terminating: false,
    ...parts,
  };
}

describe('planText', () => {
  it('has a line for each object that changes, its fields below it, and counts', () => {
    const differences = [
      { path: 'data.a', before: 'x', after: 'y' },
      { path: 'data.b', before: undefined, after: { c: 1 } },
      { path: 'data["d/e"]', before: null, after: undefined },
    ];
    const text = planText(
      planned([
        { action: 'create', object: object('Secret', 'new') },
        { action: 'update', object: object('ConfigMap', 'settings'), ...nothing, differences },
        { action: 'unchanged', object: object('Service', 'same'), kept: [] },
        { action: 'delete', object: object('Service', 'old') },
      ]),
    );
    expect(text).toBe(
      [
        'create Secret/models/new',
        'update ConfigMap/models/settings',
        '         data.a: "x" → "y"',
        '         data.b: none → {"c":1}',
        '         data["d/e"]: null → none',
        'delete Service/models/old',
        'Plan: 1 to create, 1 to update, 1 to delete, 1 unchanged.',
        '',
      ].join('\n'),
    );
  });

  it('says whose fields are overwritten, left alone and taken over', () => {
    const conflict = { path: '.spec.type', manager: 'kubectl-edit', before: 'a', after: 'b' };
    const text = planText(
      planned([
        { action: 'adopt', object: object('Service', 'theirs'), ...nothing, takesOver: ['helm', 'kubectl'] },
        { action: 'update', object: object('Deployment', 'router'), ...nothing, conflicts: [conflict], kept: [scaled] },
        { action: 'unchanged', object: object('Deployment', 'manager'), kept: [scaled] },
      ]),
    );
    expect(text).toBe(
      [
        'adopt  Service/models/theirs',
        '         takes over the fields of helm, kubectl',
        'update Deployment/models/router',
        '         belongs to kubectl-edit: .spec.type',
        '         left as kubectl (scale) set it: .spec.replicas: 3 (the values say 1)',
        'unchanged Deployment/models/manager',
        '         left as kubectl (scale) set it: .spec.replicas: 3 (the values say 1)',
        'Plan: 1 to update, 1 to adopt, 1 unchanged.',
        '',
      ].join('\n'),
    );
  });

  it('says what an object waits for that could not be tried, and begins with a namespace that is to be made', () => {
    const change: Change = { action: 'create', object: object('Service', 'new'), waitsFor: 'namespace' };
    const { plan } = planned([change]);
    const text = planText({ release, plan: { ...plan, found: { ...plan.found, namespace: undefined } } });
    expect(text.split('\n').slice(0, 2)).toEqual([
      'create Namespace/models',
      'create Service/models/new (not tried: its namespace does not exist yet)',
    ]);
    expect(text).toContain('Plan: 2 to create.');
  });

  it('rates what changes of CRDs, and names what it breaks', () => {
    const ref = { apiVersion: 'example.com/v1', kind: 'Model', namespace: 'team', name: 'llama' };
    const problem = { path: 'spec.size', problem: 'invalid', message: 'is required', ratchets: false } as const;
    const upgrades = [
      crd({ affected: [{ ref, problems: [problem] }] }),
      crd({ name: 'same.example.com', action: 'unchanged' }),
    ];
    const text = planText(planned([], { upgrades }));
    expect(text).toContain('upgrade CustomResourceDefinition/models.example.com\n');
    expect(text).toContain('         tightening: v1: spec.size: is required now\n');
    expect(text).toMatch(/^ {9}breaks .*Model\/team\/llama/m);
    expect(text).not.toContain('same.example.com');
    expect(text).toContain('Plan: 1 to update, 1 unchanged.');
  });

  it('has no more to say than that where nothing is planned', () => {
    expect(planText(planned([]))).toBe('Plan: nothing.\n');
  });
});

describe('obstaclesText', () => {
  it('lists them with what they say in several lines, and is empty without any', () => {
    const obstacles: Obstacle[] = [
      { kind: 'foreign', message: 'Service/models/a: exists and belongs to no release' },
      { kind: 'refused', message: 'Service/models/b: it is invalid\nspec.type: wrong' },
    ];
    expect(obstaclesText(planned([], { obstacles }).plan)).toBe(
      'In the way:\n  Service/models/a: exists and belongs to no release\n  Service/models/b: it is invalid\n    spec.type: wrong\n',
    );
    expect(obstaclesText(planned([]).plan)).toBe('');
  });
});

describe('planDocument', () => {
  const names = { apiVersion: 'v1', namespace: 'models' };

  it('has every change with its object, the unchanged ones included', () => {
    const owner = { name: 'other', namespace: 'elsewhere' };
    const differences = [{ path: 'data.a', before: 'x', after: 'y' }];
    const document = planDocument(
      planned(
        [
          { action: 'create', object: object('Secret', 'new'), waitsFor: 'kind' },
          { action: 'update', object: object('ConfigMap', 'settings'), ...nothing, differences, kept: [scaled] },
          { action: 'adopt', object: object('Service', 'theirs'), ...nothing, from: owner },
          { action: 'unchanged', object: object('Service', 'same'), kept: [] },
          { action: 'delete', object: object('Service', 'old') },
        ],
        { obstacles: [{ kind: 'foreign', message: 'a', owner }] },
      ),
    );
    expect(document).toEqual({
      summary: { create: 1, update: 1, adopt: 1, delete: 1, unchanged: 1 },
      crds: [],
      changes: [
        { action: 'create', kind: 'Secret', name: 'new', ...names, waitsFor: 'kind' },
        { action: 'update', kind: 'ConfigMap', name: 'settings', ...names, ...nothing, differences, kept: [scaled] },
        { action: 'adopt', kind: 'Service', name: 'theirs', ...names, ...nothing, from: owner },
        { action: 'unchanged', kind: 'Service', name: 'same', ...names, kept: [] },
        { action: 'delete', kind: 'Service', name: 'old', ...names },
      ],
      obstacles: [{ kind: 'foreign', message: 'a' }],
    });
  });

  it('never has the contents of an object', () => {
    const secret = { ...object('Secret', 'keys'), stringData: { key: 'hidden' } };
    const actions: Change[] = [
      { action: 'create', object: secret },
      { action: 'update', object: secret, ...nothing },
      { action: 'unchanged', object: secret, kept: [] },
      { action: 'delete', object: secret },
    ];
    expect(JSON.stringify(planDocument(planned(actions)))).not.toContain('hidden');
  });

  it('counts CRDs with the objects, and has their rating', () => {
    const document = planDocument(
      planned([], { upgrades: [crd({}), crd({ installed: undefined, action: 'create', changes: [] })] }),
    );
    expect(document).toMatchObject({
      summary: { create: 1, update: 1 },
      crds: [
        { name: 'models.example.com', action: 'upgrade', rating: 'tightening' },
        { name: 'models.example.com', action: 'create', rating: 'safe' },
      ],
    });
  });
});
