import { afterAll, describe, expect, inject, it } from 'vitest';
import type { KubeObject } from '../../../src/kube/object.js';
import { nameFindings } from '../../../src/lint/names.js';
import { structureFindings } from '../../../src/lint/structure.js';
import { SCHEMAS } from '../../unit/lint/schemas.js';
import { SOUND_OBJECTS, type Loose } from '../../unit/lint/sound-objects.js';
import { isServed, openDryRun, type Verdict } from './dry-run.js';

const dryRun = openDryRun(inject('cluster'));
afterAll(() => dryRun.close());

type Steps = readonly (string | number)[];

const DELETED = Symbol('deleted');
const VALUES = [DELETED, null, '', 'x', 'x Y', '8080', -1, 0, 1.5, 70000, true, [], {}, ['x'], { x: 'y' }];

/** Findings the lint means to be stricter in than the server: the object would be accepted, and not work or not mean what it says. */
const STRICTER = [
  /is not an image reference/,
  /the container has no port/,
  /got null$/,
  /^spec\.versions\[0\]\.served: required field is missing$/,
];

interface Mutant {
  what: string;
  errors: string[];
  verdict: Verdict;
}

function* stepsInto(value: Loose, before: Steps = []): Generator<Steps> {
  for (const key of Array.isArray(value) ? value.keys() : Object.keys(value as object)) {
    const steps = [...before, key];
    yield steps;
    if (typeof value[key] === 'object' && value[key] !== null) yield* stepsInto(value[key], steps);
  }
}

function mutate(object: KubeObject, steps: Steps, value: unknown): KubeObject {
  const mutant = structuredClone(object);
  const parent = steps.slice(0, -1).reduce<Loose>((node, step) => node[step], mutant);
  const last = steps.at(-1)!;
  if (value !== DELETED) parent[last] = value;
  else if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete parent[last];
  return mutant;
}

/** Every field of the object, but those that make its address, with every value. */
function mutantsOf(object: KubeObject): [string, KubeObject][] {
  const address = /^(apiVersion|kind|metadata|metadata\.name|metadata\.namespace)$/;
  return [...stepsInto(object)]
    .filter((steps) => !address.test(steps.join('.')))
    .flatMap((steps) =>
      VALUES.map((value): [string, KubeObject] => [
        `${steps.join('.')} = ${value === DELETED ? 'deleted' : JSON.stringify(value)}`,
        mutate(object, steps, value),
      ]),
    );
}

async function judge(object: KubeObject): Promise<Mutant[]> {
  return Promise.all(
    mutantsOf(object).map(async ([what, mutant]) => {
      const findings = [...structureFindings(mutant, SCHEMAS), ...nameFindings(mutant)];
      const errors = findings
        .filter(({ severity }) => severity === 'error')
        .map(({ path, message }) => `${path}: ${message}`);
      return { what, errors, verdict: await dryRun.apply(mutant) };
    }),
  );
}

describe.each(SOUND_OBJECTS.filter(isServed).map((object) => [object.kind, object] as const))(
  '%s with one field changed',
  (_kind, object) => {
    it("gives no error where the API server accepts it, and one where it does not fit the server's types", async () => {
      const mutants = await judge(object);
      const accepted = mutants.filter(({ verdict }) => verdict.status < 300);
      const falseAlarms = accepted.filter(({ errors }) =>
        errors.some((error) => !STRICTER.some((known) => known.test(error))),
      );
      expect(falseAlarms.map(({ what, errors }) => [what, errors])).toEqual([]);
      const missed = mutants.filter(({ verdict, errors }) => verdict.status === 500 && errors.length === 0);
      expect(missed.map(({ what, verdict }) => [what, verdict.answer])).toEqual([]);
      expect(accepted.length).toBeGreaterThan(0);
      expect(accepted.length).toBeLessThan(mutants.length);
    }, 60_000);
  },
);
