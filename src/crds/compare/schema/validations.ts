import type { CrdChange } from '../change.js';
import type { Schema, ValidationRule } from '../crd.js';
import { changeAt, type SchemaPair } from './pair.js';

/**
 * CEL rules, told apart by their expression; two with the same message are the old and the new form of one rule. Other messages
 * for the same rule are no change. A rule about `oldSelf` restricts updates only, but those that were possible.
 */
export function validationChanges(pair: SchemaPair): CrdChange[] {
  const [old, next] = [rulesOf(pair.before), rulesOf(pair.after)];
  const gone = old.filter((rule) => !next.some((other) => isSame(rule, other)));
  const come = next.filter((rule) => !old.some((other) => isSame(rule, other)));
  const changes: CrdChange[] = [];
  for (const rule of come) {
    const index = gone.findIndex(({ message }) => message !== undefined && message === rule.message);
    const [former] = index < 0 ? [] : gone.splice(index, 1);
    changes.push(
      former === undefined
        ? changeAt(
            pair,
            'validation-added',
            'tightening',
            `what does not fulfil the rule is refused: ${textOf(rule)}`,
            { after: rule.rule },
          )
        : changeAt(pair, 'validation-changed', 'tightening', `the rule is another: ${textOf(rule)}`, {
            before: former.rule,
            after: rule.rule,
          }),
    );
  }
  const removed = gone.map((rule) =>
    changeAt(pair, 'validation-removed', 'safe', `the rule is gone: ${textOf(rule)}`, { before: rule.rule }),
  );
  return [...changes, ...removed];
}

function rulesOf(schema: Schema): ValidationRule[] {
  return schema['x-kubernetes-validations'] ?? [];
}

function isSame(rule: ValidationRule, other: ValidationRule): boolean {
  return rule.rule.trim() === other.rule.trim() && (rule.optionalOldSelf ?? false) === (other.optionalOldSelf ?? false);
}

function textOf({ message, rule }: ValidationRule): string {
  return (message ?? rule).trim();
}
