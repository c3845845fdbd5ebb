import { KthenaError, type ErrorCode, type ErrorParts } from '../errors.js';

/** One entry of `Status.details.causes`: what is wrong with one field. */
export interface StatusCause {
  reason?: string;
  field?: string;
  message?: string;
}

/** Another field manager that owns a field we wanted to set. */
export interface FieldConflict {
  manager: string;
  /** Such as `scale`, where the manager wrote through one. */
  subresource?: string;
  /** A path as the server writes it: `.spec.containers[name="a"].image`. */
  field: string;
}

/** The API's `Status` object (meta/v1), as far as it is used here. */
export interface Status {
  message?: string;
  reason?: string;
  code?: number;
  metadata?: { continue?: string };
  details?: { causes?: StatusCause[]; retryAfterSeconds?: number; kind?: string; name?: string };
}

interface ApiErrorParts extends ErrorParts {
  status: number;
  reason?: string | undefined;
  causes?: readonly StatusCause[] | undefined;
  conflicts?: readonly FieldConflict[] | undefined;
  continueToken?: string | undefined;
}

/** An answer of the API server that is not a success. */
export class ApiError extends KthenaError {
  override readonly name = 'ApiError';
  /** HTTP status. */
  readonly status: number;
  /** `Status.reason`, such as `AlreadyExists`, `Invalid`, `Conflict`, `Expired`. */
  readonly reason: string | undefined;
  readonly causes: readonly StatusCause[];
  /** Who owns which field, for a conflict of server-side apply; empty otherwise. */
  readonly conflicts: readonly FieldConflict[];
  /** Token with which an expired list (410) can go on, at the price of consistency. */
  readonly continueToken: string | undefined;

  constructor(code: ErrorCode, message: string, parts: ApiErrorParts) {
    super(code, message, parts);
    this.status = parts.status;
    this.reason = parts.reason;
    this.causes = parts.causes ?? [];
    this.conflicts = parts.conflicts ?? [];
    this.continueToken = parts.continueToken;
  }
}

/** True for an ApiError of this HTTP status, and of this `Status.reason` where one is given. */
export function isApiError(error: unknown, status: number, reason?: string): error is ApiError {
  return error instanceof ApiError && error.status === status && (reason === undefined || error.reason === reason);
}
