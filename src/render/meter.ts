import type { ASTNode, Environment } from '@marcbachmann/cel-js';
import { KthenaError } from '../errors.js';

/** Bounds on the expressions of one bundle, in units of about one value; those of Kthena's own take 100,000 altogether. */
const LIMITS = { work: 500_000, size: 20_000 };

/** How many characters count as one value. */
const TEXT_UNIT = 16;

/** What looks inside a value without walking all of it, and what goes through its items, each of which counts by itself. */
const CHEAP_PARENTS = new Set(['.', '.?', '[]', '[?]', '?:', 'comprehension']);
/** What makes a new value. */
const MAKERS = new Set(['+', 'call', 'rcall', 'list', 'map', 'comprehension']);
/** The list that a comprehension is building up: its items were counted as they were made. */
const ACCUMULATORS = new Set(['accuPush', 'accuValue', 'accuInc']);

interface Evaluator {
  run(node: ASTNode, context: unknown): unknown;
}

const PROBE = 'meterProbe';

/**
 * Counts what the expressions of a bundle that is not trusted cost, and ends the one that is too much: a few list macros in each other,
 * or a text that is doubled thirty times, would take hours or all memory. Counting, unlike a clock, gives the same answer on every machine.
 */
export class Meter {
  #left = LIMITS.work;
  /** Once there is one it stands, though operators such as || go on after an error of one side. */
  #refusal: KthenaError | undefined;
  /** The operation that the value at hand is for. */
  #parent = '';
  #evaluator: Evaluator | undefined;

  /**
   * Makes an environment count. cel-js has no hook for that, but calls functions with its evaluator as `this`, through whose `run`
   * goes every node but the topmost.
   */
  attach(environment: Environment): void {
    const wrap = (evaluator: Evaluator): void => this.#wrap(evaluator);
    environment.registerFunction(`${PROBE}(): bool`, function (this: Evaluator) {
      wrap(this);
      return true;
    });
    environment.evaluate(`${PROBE}()`);
    if (this.#evaluator === undefined) throw new Error('the work of expressions cannot be counted');
  }

  /** Evaluates an expression whose topmost node has this operation. Throws KthenaError `bundle` where it is too much. */
  measure<T>(node: ASTNode, evaluate: () => T): T {
    this.#parent = operationOf(node);
    const value = evaluate();
    this.spendOn(value);
    return value;
  }

  /** Counts a value as it is put somewhere. Throws KthenaError `bundle` where it is too large, or all is spent. */
  spendOn(value: unknown): void {
    const size = sizeUpTo(value, LIMITS.size);
    if (size > LIMITS.size) this.#refuse('an expression makes a value that is too large');
    this.#spend(size);
  }

  #spend(units: number): void {
    this.#left -= units;
    if (this.#left < 0) this.#refuse('the expressions of the bundle are too much work');
    if (this.#refusal !== undefined) throw this.#refusal;
  }

  #refuse(reason: string): never {
    this.#refusal ??= new KthenaError('bundle', reason, { hint: HINT });
    throw this.#refusal;
  }

  #wrap(evaluator: Evaluator): void {
    if (this.#evaluator !== undefined) return;
    this.#evaluator = evaluator;
    const run = evaluator.run.bind(evaluator);
    evaluator.run = (node, context) => {
      const parent = this.#parent;
      const operation = operationOf(node);
      this.#spend(1);
      this.#parent = operation;
      let value: unknown;
      try {
        value = run(node, context);
      } finally {
        this.#parent = parent;
      }
      const isWalked = MAKERS.has(operation) || !(CHEAP_PARENTS.has(parent) || ACCUMULATORS.has(operation));
      if (isWalked) this.spendOn(value);
      return value;
    };
  }
}

const HINT = 'An expression puts values in their place; lists and texts that grow by repetition are refused.';

/** A macro is a call that stands for another node. */
function operationOf(node: ASTNode): string {
  return ((node as unknown as { meta: { alternate?: ASTNode } }).meta.alternate ?? node).op;
}

/** The size of a value, or anything above the limit where it is larger: a value that is shared many times over is not walked to its end. */
function sizeUpTo(value: unknown, limit: number): number {
  if (typeof value === 'string') return 1 + value.length / TEXT_UNIT;
  if (typeof value !== 'object' || value === null) return 1;
  if (value instanceof Uint8Array) return 1 + value.length / TEXT_UNIT;
  let size = 1;
  const entries = value instanceof Map ? value : Object.entries(value);
  for (const [key, item] of entries) {
    size += sizeUpTo(item, limit - size) + String(key).length / TEXT_UNIT;
    if (size > limit) break;
  }
  return size;
}
