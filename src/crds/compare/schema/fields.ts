import type { CrdChange } from '../change.js';
import type { Schema } from '../crd.js';
import { kindsOf, typeOf } from './kinds.js';
import { changeAt, fieldPath, type SchemaPair } from './pair.js';

/** The API server describes these of every resource itself. */
const STANDARD_FIELDS = ['apiVersion', 'kind', 'metadata'];

/** What a schema says about the field of that name: as a property, or as one of the values of a map. */
export function fieldSchema({ properties, additionalProperties }: Schema, name: string): Schema | undefined {
  if (properties !== undefined && Object.hasOwn(properties, name)) return properties[name];
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}

/**
 * How much a schema keeps of fields it says nothing of: all of them (2); with `additionalProperties: true` their values, but no
 * fields inside these (1); nothing (0).
 */
function keepingOf(schema: Schema): number {
  if (schema['x-kubernetes-preserve-unknown-fields']) return 2;
  return schema.additionalProperties === true ? 1 : 0;
}

/** Whether the values of a field are kept as they are by a schema that says nothing of it. */
function keepsWhole(schema: Schema, field: Schema): boolean {
  const nested = kindsOf(field).some((kind) => kind === 'object' || kind === 'array');
  return keepingOf(schema) >= (nested ? 2 : 1);
}

/** The properties that either side names, in alphabetical order. */
export function fieldNames({ path, before, after }: SchemaPair): string[] {
  const names = new Set([...Object.keys(before.properties ?? {}), ...Object.keys(after.properties ?? {})]);
  return [...names].filter((name) => path !== '' || !STANDARD_FIELDS.includes(name)).sort();
}

/** Fields that go or come. What the schema no longer has is dropped from a resource the next time anybody writes it. */
export function fieldChanges(pair: SchemaPair): CrdChange[] {
  return fieldNames(pair).flatMap((name): CrdChange[] => {
    const place = { version: pair.version, path: fieldPath(pair.path, name) };
    const [old, next] = [fieldSchema(pair.before, name), fieldSchema(pair.after, name)];
    if (old !== undefined && next === undefined) {
      return [
        keepsWhole(pair.after, old)
          ? changeAt(place, 'field-undeclared', 'safe', 'values are kept, but no longer validated', {
              before: typeOf(old),
            })
          : changeAt(place, 'field-removed', 'breaking', 'values are dropped at the next write', {
              before: typeOf(old),
            }),
      ];
    }
    if (old === undefined && next !== undefined) {
      return [
        keepingOf(pair.before) > 0
          ? changeAt(place, 'field-declared', 'tightening', 'values were kept as they were and are validated now', {
              after: typeOf(next),
            })
          : changeAt(place, 'field-added', 'safe', 'no stored resource has the field', { after: typeOf(next) }),
      ];
    }
    return [];
  });
}

/** A field that must be there is harmless to resources without it only if it has a default, which the server fills in when it reads. */
export function requiredChanges(pair: SchemaPair): CrdChange[] {
  const { version, path, before, after } = pair;
  const [old, next] = [new Set(before.required), new Set(after.required)];
  const added = [...next].filter((name) => !old.has(name)).sort();
  const removed = [...old].filter((name) => !next.has(name) && fieldSchema(after, name) !== undefined).sort();
  return [
    ...added.map((name) => {
      const place = { version, path: fieldPath(path, name) };
      return fieldSchema(after, name)?.default === undefined
        ? changeAt(place, 'required-added', 'breaking', 'resources without the field are no longer valid')
        : changeAt(place, 'required-added', 'safe', 'resources without the field get its default');
    }),
    ...removed.map((name) =>
      changeAt({ version, path: fieldPath(path, name) }, 'required-removed', 'safe', 'the field may be left out'),
    ),
  ];
}

/** Whether fields that the schema does not name are kept, and as what. */
export function unknownFieldChanges(pair: SchemaPair): CrdChange[] {
  const { before, after } = pair;
  const [old, next] = [keepingOf(before), keepingOf(after)];
  if (next > old) {
    return [
      ...mapValueChanges(pair),
      changeAt(pair, 'unknown-fields-kept', 'safe', 'fields that the schema does not name are kept'),
    ];
  }
  const dropped = next < old && !(old === 1 && mapValues(after) !== undefined);
  const message = `fields ${next === 1 ? 'inside those ' : ''}that the schema does not name are dropped at the next write`;
  return [
    ...(dropped ? [changeAt(pair, 'unknown-fields-dropped', 'breaking', message)] : []),
    ...mapValueChanges(pair),
  ];
}

function mapValueChanges({ version, path, before, after }: SchemaPair): CrdChange[] {
  const place = { version, path: `${path}{}` };
  const [old, next] = [mapValues(before), mapValues(after)];
  if (old !== undefined && next === undefined && !keepsWhole(after, old)) {
    const message = 'keys other than the named fields, or what is in them, are dropped at the next write';
    return [changeAt(place, 'map-values-removed', 'breaking', message, { before: typeOf(old) })];
  }
  if (old !== undefined || next === undefined) return [];
  const values = { after: typeOf(next) };
  return keepingOf(before) > 0
    ? [
        changeAt(
          place,
          'map-values-declared',
          'tightening',
          'values were kept as they were and are validated now',
          values,
        ),
      ]
    : [changeAt(place, 'map-values-added', 'safe', 'keys other than the named fields are kept', values)];
}

/** An embedded resource must have apiVersion and kind; outside one they and the metadata are fields like others. */
export function embeddedResourceChanges(pair: SchemaPair): CrdChange[] {
  const [old, next] = [pair.before, pair.after].map((schema) => schema['x-kubernetes-embedded-resource'] === true);
  if (old === next) return [];
  if (next) {
    return [changeAt(pair, 'embedded-resource-added', 'tightening', 'must be a resource with apiVersion and kind')];
  }
  const lost = STANDARD_FIELDS.filter((name) => fieldSchema(pair.after, name) === undefined);
  return keepingOf(pair.after) === 2 || lost.length === 0
    ? [changeAt(pair, 'embedded-resource-removed', 'safe', 'need no longer be a resource')]
    : [changeAt(pair, 'embedded-resource-removed', 'breaking', `${lost.join(', ')} are dropped at the next write`)];
}

function mapValues({ additionalProperties }: Schema): Schema | undefined {
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}
