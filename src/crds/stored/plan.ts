import type { Schema } from '../compare/crd.js';

/** A schema reduced to the places at which there is something to check, and the ways there. */
export interface Plan<T> {
  own?: T;
  fields: ReadonlyMap<string, Plan<T>>;
  values?: Plan<T>;
  items?: Plan<T>;
}

/**
 * @param pick what there is to check at a place of the schema, if anything; `path` is like `spec.rules[].name`
 * @returns undefined where there is nothing to check at all
 */
export function planFor<T>(
  schema: Schema,
  pick: (schema: Schema, path: string) => T | undefined,
  path = '',
): Plan<T> | undefined {
  const { properties = {}, additionalProperties, items } = schema;
  const own = pick(schema, path);
  const fields = new Map<string, Plan<T>>();
  for (const [name, property] of Object.entries(properties)) {
    const plan = planFor(property, pick, path === '' ? name : `${path}.${name}`);
    if (plan !== undefined) fields.set(name, plan);
  }
  const values =
    typeof additionalProperties === 'object' ? planFor(additionalProperties, pick, `${path}{}`) : undefined;
  const within = items === undefined ? undefined : planFor(items, pick, `${path}[]`);
  if (own === undefined && fields.size === 0 && values === undefined && within === undefined) return undefined;
  return {
    fields,
    ...(own === undefined ? {} : { own }),
    ...(values === undefined ? {} : { values }),
    ...(within === undefined ? {} : { items: within }),
  };
}

/** Calls `see` for every value there is something to check about; `steps` is only good during the call. */
export function follow<T>(
  plan: Plan<T>,
  value: unknown,
  see: (own: T, value: unknown, steps: readonly (string | number)[]) => void,
  steps: (string | number)[] = [],
): void {
  if (plan.own !== undefined) see(plan.own, value, steps);
  const enter = (part: Plan<T>, step: string | number, within: unknown): void => {
    steps.push(step);
    follow(part, within, see, steps);
    steps.pop();
  };
  if (Array.isArray(value)) {
    const { items } = plan;
    if (items !== undefined) value.forEach((item, index) => enter(items, index, item));
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, within] of Object.entries(value)) {
      const part = plan.fields.get(key) ?? plan.values;
      if (part !== undefined) enter(part, key, within);
    }
  }
}
