/**
 * What can go wrong, by who can mend it:
 * `usage` the command line, `values` the user's values, `bundle` the files of a bundle, `render` a template,
 * `cluster` the API server refused or failed, `unreachable` it did not answer, `unauthorized` (401) and `forbidden` (403),
 * `conflict` somebody else owns what would change, `not-found`, `timeout` a wait ended, `failed` work in the cluster ended badly,
 * `interrupted` the user stopped it.
 */
export type ErrorCode =
  | 'usage'
  | 'values'
  | 'bundle'
  | 'render'
  | 'cluster'
  | 'unreachable'
  | 'unauthorized'
  | 'forbidden'
  | 'conflict'
  | 'not-found'
  | 'timeout'
  | 'failed'
  | 'interrupted';

export interface ErrorParts {
  /** One line a finding: `Kind/namespace/name: what`, `file:line:column: what`. */
  details?: readonly string[];
  /** What the user can do next, as a sentence; never a repetition of the message. */
  hint?: string | undefined;
  /** YAML for the user to copy and apply: it is printed last, as it stands. */
  manifest?: string | undefined;
  cause?: unknown;
}

/** The only error that reaches the user as a message; anything else is a defect and is reported as one. */
export class KthenaError extends Error {
  override readonly name: string = 'KthenaError';
  readonly code: ErrorCode;
  readonly details: readonly string[];
  readonly hint: string | undefined;
  readonly manifest: string | undefined;

  constructor(code: ErrorCode, message: string, parts: ErrorParts = {}) {
    super(message, parts.cause === undefined ? undefined : { cause: parts.cause });
    this.code = code;
    this.details = parts.details ?? [];
    this.hint = parts.hint;
    this.manifest = parts.manifest;
  }
}

/** Exit codes are a contract with scripts (README): 0 done, 1 failed, 130 stopped by Ctrl-C. */
export function exitCodeOf(error: unknown): number {
  return error instanceof KthenaError && error.code === 'interrupted' ? 130 : 1;
}
