import type { ErrorCode } from '../errors.js';
import { ApiError, type FieldConflict, type Status, type StatusCause } from './api-error.js';

/** What was asked, for messages. */
export interface RequestSubject {
  /** As in "refused to …": `apply`, `create`, `read`, `list`, `delete`. */
  verb: string;
  /** `Kind/namespace/name`, a plural such as `deployments`, or a path. */
  subject: string;
}

/** Who asked, for hints. */
export interface Caller {
  server: string;
  context: string;
  user: string | undefined;
}

const CODES: Record<number, ErrorCode> = { 401: 'unauthorized', 403: 'forbidden', 404: 'not-found', 409: 'conflict' };

/**
 * The error for an answer of status 4xx or 5xx.
 * `body` is the answer's text: a `Status` in JSON, or whatever a proxy in between made of it, of which one line is shown.
 */
export function statusError(httpStatus: number, body: string, request: RequestSubject, caller: Caller): ApiError {
  const status = parseStatus(body);
  const causes = status.details?.causes ?? [];
  const conflicts = fieldConflicts(causes);
  const hint = hintFor(httpStatus, status, conflicts, caller);
  return new ApiError(CODES[httpStatus] ?? 'cluster', messageFor(httpStatus, status, request, conflicts, caller), {
    status: httpStatus,
    reason: status.reason,
    causes,
    conflicts,
    continueToken: status.metadata?.continue,
    details:
      conflicts.length > 0 ? conflicts.map(describeConflict) : causes.map((cause) => describeCause(cause, request)),
    ...(hint === undefined ? {} : { hint }),
  });
}

/** The `Status` in an answer's text; a text that is none becomes its message, shortened to one line. */
export function parseStatus(body: string): Status {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === 'object' && parsed !== null && (parsed as { kind?: unknown }).kind === 'Status') {
      return parsed as Status;
    }
  } catch {
    // Not JSON: the text is the message.
  }
  return { message: firstLine(body) };
}

/** The managers in the causes of a 409 of server-side apply; every cause of another kind is left out. */
export function fieldConflicts(causes: readonly StatusCause[]): FieldConflict[] {
  return causes
    .filter((cause) => cause.reason === 'FieldManagerConflict')
    .map((cause) => ({ ...managerOf(cause.message ?? ''), field: cause.field ?? '' }));
}

/** The server writes `conflict with "manager" with subresource "scale" using apps/v1 at <time>`, names quoted as Go's %q does. */
function managerOf(message: string): Omit<FieldConflict, 'field'> {
  const [, manager, subresource] =
    /^conflict with ("(?:[^"\\]|\\.)*")(?: with subresource ("(?:[^"\\]|\\.)*"))?/.exec(message) ?? [];
  if (manager === undefined) return { manager: message };
  return { manager: unquoted(manager), ...(subresource === undefined ? {} : { subresource: unquoted(subresource) }) };
}

function unquoted(text: string): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    return text.slice(1, -1);
  }
}

function messageFor(
  httpStatus: number,
  status: Status,
  request: RequestSubject,
  conflicts: readonly FieldConflict[],
  caller: Caller,
): string {
  const { verb, subject } = request;
  if (httpStatus === 401) return `${caller.server} does not accept the credentials of ${describeUser(caller)} (401).`;
  if (conflicts.length > 0) {
    const managers = [...new Set(conflicts.map((conflict) => `"${conflict.manager}"`))].join(', ');
    return `${subject}: fields of it belong to ${managers}.`;
  }
  const causes = status.details?.causes ?? [];
  if (httpStatus === 422 && causes.length > 0) return `${subject}: the API server finds it invalid (422).`;
  const said = redact(status.message ?? '', subject);
  return `${subject}: the API server refused to ${verb} it (${httpStatus}${said === '' ? '' : `: ${said}`}).`;
}

function hintFor(
  httpStatus: number,
  status: Status,
  conflicts: readonly FieldConflict[],
  caller: Caller,
): string | undefined {
  if (httpStatus === 401) {
    return `The login of context "${caller.context}" is missing or has expired: log in again, then try "kubectl auth whoami".`;
  }
  if (conflicts.length > 0) return 'Leave these fields to their manager, or take them over by forcing the apply.';
  if (httpStatus === 400 && status.message?.includes('HTTP request to an HTTPS server') === true) {
    return `The server in the cluster entry of context "${caller.context}" must begin with https:// rather than http://.`;
  }
  if (httpStatus === 500) return hintForInternal(status.message ?? '');
  if (httpStatus !== 403) return undefined;
  const denied = /cannot (\S+) resource "([^"]+)" in API group "([^"]*)"(?: in the namespace "([^"]+)")?/.exec(
    status.message ?? '',
  );
  if (denied === null) return undefined;
  const [, verb, resource, group, namespace] = denied;
  const target = group === '' ? resource : `${resource}.${group}`;
  return `Ask for the permission, or look with "kubectl auth can-i ${verb} ${target}${namespace === undefined ? '' : ` -n ${namespace}`}".`;
}

function hintForInternal(message: string): string | undefined {
  const webhook = /failed calling webhook "([^"]+)"/.exec(message)?.[1];
  if (webhook !== undefined) {
    return `Nothing answers for the webhook "${webhook}": is its service running, or is its configuration left over from something removed?`;
  }
  if (message.includes('field not declared in schema')) {
    return 'The Kubernetes of this cluster does not know this field: it may be too old for it.';
  }
  return undefined;
}

function describeConflict(conflict: FieldConflict): string {
  return `${conflict.field}: managed by "${conflict.manager}"`;
}

function describeCause(cause: StatusCause, request: RequestSubject): string {
  const field = cause.field === undefined || cause.field === '' ? '' : `${cause.field}: `;
  return `${request.subject}: ${field}${redact(cause.message ?? cause.reason ?? 'invalid', request.subject)}`;
}

function describeUser(caller: Caller): string {
  return caller.user === undefined ? `context "${caller.context}"` : `user "${caller.user}"`;
}

/** JSON decoders of older servers quote the body around a mistake ("error found in #10 byte of …|"), which for a Secret is its data. */
function redact(message: string, subject: string): string {
  return subject.startsWith('Secret/') ? message.replace(/,? ?error found in #\d+ byte of[\s\S]*/, '') : message;
}

/** A text or an HTML page as one short line. */
export function firstLine(text: string): string {
  const plain = text
    .replace(/<(style|script)[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return plain.length > 200 ? `${plain.slice(0, 200)}…` : plain;
}
