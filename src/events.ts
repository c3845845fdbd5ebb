import type { ObjectRef } from './kube/object.js';

/** What an action tells while it works; how it looks on a screen is the business of `report/`. */
export type ProgressEvent =
  | { type: 'warning'; message: string }
  /** A new part of the work begins. */
  | { type: 'step'; message: string }
  | { type: 'applied'; ref: ObjectRef; change: 'created' | 'configured' | 'unchanged' }
  | { type: 'deleted'; ref: ObjectRef; existed: boolean }
  /** What is waited for, each time its state or the reason for it changes. */
  | { type: 'readiness'; ref: ObjectRef; ready: boolean; message: string }
  /** How far a long piece of work is; comes as often as there is something to count. `total` where it is known. */
  | { type: 'count'; what: string; done: number; total?: number }
  /** One request to the API server, for `--debug`; never a body. */
  | { type: 'request'; line: string };

export type Emit = (event: ProgressEvent) => void;
