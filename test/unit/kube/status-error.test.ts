import { describe, expect, it } from 'vitest';
import { ApiError, isApiError } from '../../../src/kube/api-error.js';
import { statusError } from '../../../src/kube/status-error.js';

const CALLER = { server: 'https://api.example:6443', context: 'prod', user: 'ann' };
const APPLY = { verb: 'apply', subject: 'Deployment/kthena-system/kthena-router' };

function status(fields: object): string {
  return JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', ...fields });
}

describe('the code of an error', () => {
  it.each([
    [401, 'unauthorized'],
    [403, 'forbidden'],
    [404, 'not-found'],
    [409, 'conflict'],
    [422, 'cluster'],
    [429, 'cluster'],
    [500, 'cluster'],
  ] as const)('%d is %s', (httpStatus, code) => {
    const error = statusError(httpStatus, status({ message: 'no', reason: 'Because' }), APPLY, CALLER);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ code, status: httpStatus, reason: 'Because' });
  });

  it('isApiError tells statuses and reasons apart', () => {
    const error = statusError(409, status({ reason: 'AlreadyExists' }), APPLY, CALLER);
    expect(isApiError(error, 409)).toBe(true);
    expect(isApiError(error, 409, 'AlreadyExists')).toBe(true);
    expect(isApiError(error, 409, 'Conflict')).toBe(false);
    expect(isApiError(error, 404)).toBe(false);
    expect(isApiError(new Error('409'), 409)).toBe(false);
  });
});

describe('401', () => {
  it('names the user and how to find out more', () => {
    const error = statusError(401, status({ message: 'Unauthorized' }), APPLY, CALLER);
    expect(error.message).toContain('user "ann"');
    expect(error.message).toContain(CALLER.server);
    expect(error.hint).toContain('context "prod"');
  });
});

describe('403', () => {
  const denial = (rest: string): string =>
    status({ reason: 'Forbidden', message: `deployments.apps "x" is forbidden: ${rest}` });

  it('repeats what the server denies and says how to look it up', () => {
    const message =
      'User "ann" cannot patch resource "deployments" in API group "apps" in the namespace "kthena-system"';
    const error = statusError(403, denial(message), APPLY, CALLER);
    expect(error.message).toContain(message);
    expect(error.hint).toContain('kubectl auth can-i patch deployments.apps -n kthena-system');
  });

  it('leaves group and namespace out where there are none', () => {
    const error = statusError(
      403,
      denial('User "ann" cannot list resource "nodes" in API group "" at the cluster scope'),
      APPLY,
      CALLER,
    );
    expect(error.hint).toContain('kubectl auth can-i list nodes"');
  });

  it('does not blame missing rights for an exceeded quota', () => {
    const error = statusError(
      403,
      denial('exceeded quota: small, requested: pods=1, used: pods=5, limited: pods=5'),
      APPLY,
      CALLER,
    );
    expect(error.message).toContain('exceeded quota');
    expect(error.hint).toBeUndefined();
  });
});

describe('409 of server-side apply', () => {
  const conflict = status({
    reason: 'Conflict',
    message: 'Apply failed with 3 conflicts',
    details: {
      causes: [
        { reason: 'FieldManagerConflict', message: 'conflict with "helm" using apps/v1', field: '.spec.replicas' },
        {
          reason: 'FieldManagerConflict',
          message: 'conflict with "an \\"odd\\" one" with subresource "scale" using apps/v1 at 2030-01-01T00:00:00Z',
          field: '.spec.template.spec.containers[name="router"].image',
        },
        { reason: 'FieldManagerConflict', message: 'conflict with "helm"', field: '.metadata.labels.a' },
      ],
    },
  });

  it('gives manager and field of each', () => {
    expect(statusError(409, conflict, APPLY, CALLER).conflicts).toEqual([
      { manager: 'helm', field: '.spec.replicas' },
      { manager: 'an "odd" one', subresource: 'scale', field: '.spec.template.spec.containers[name="router"].image' },
      { manager: 'helm', field: '.metadata.labels.a' },
    ]);
  });

  it('names each manager once in the message, and each field in the details', () => {
    const error = statusError(409, conflict, APPLY, CALLER);
    expect(error.message.match(/helm/g)).toHaveLength(1);
    expect(error.details).toHaveLength(3);
    expect(error.details[0]).toContain('.spec.replicas');
    expect(error.hint).toMatch(/forc/);
  });

  it('has no conflicts for a plain version conflict', () => {
    const error = statusError(
      409,
      status({ reason: 'Conflict', message: 'the object has been modified' }),
      APPLY,
      CALLER,
    );
    expect(error.conflicts).toEqual([]);
    expect(error.message).toContain('the object has been modified');
  });
});

describe('422', () => {
  it('has one detail for each field', () => {
    const body = status({
      reason: 'Invalid',
      message: 'Deployment.apps "kthena-router" is invalid: [spec.replicas: …, spec.selector: …]',
      details: {
        causes: [
          { reason: 'FieldValueInvalid', message: 'Invalid value: -1: must be 0 or more', field: 'spec.replicas' },
          { reason: 'FieldValueRequired', message: 'Required value', field: 'spec.selector' },
        ],
      },
    });
    const error = statusError(422, body, APPLY, CALLER);
    expect(error.details).toEqual([
      `${APPLY.subject}: spec.replicas: Invalid value: -1: must be 0 or more`,
      `${APPLY.subject}: spec.selector: Required value`,
    ]);
    expect(error.causes.map((cause) => cause.field)).toEqual(['spec.replicas', 'spec.selector']);
  });
});

describe('500', () => {
  it('names the webhook that does not answer', () => {
    const message = 'Internal error occurred: failed calling webhook "v.kthena.example": connection refused';
    expect(statusError(500, status({ reason: 'InternalError', message }), APPLY, CALLER).hint).toContain(
      'v.kthena.example',
    );
  });
});

describe('an answer that is no Status', () => {
  it('is shown as one short line of text', () => {
    const page = `<html><head><style>body { color: red }</style></head><body><h1>502 Bad\nGateway</h1><p>${'x'.repeat(500)}</p></body></html>`;
    const error = statusError(502, page, APPLY, CALLER);
    expect(error.message).toContain('502 Bad Gateway');
    expect(error.message).not.toMatch(/<|color/);
    expect(error.message.length).toBeLessThan(400);
  });

  it('may be empty', () => {
    expect(statusError(503, '', APPLY, CALLER).message).toContain('(503)');
  });
});

describe('Secrets', () => {
  it('lose the piece of the body that old decoders quote', () => {
    const message =
      'Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte 3, error found in #10 byte of ...|"p":"hunter2"}|..., bigger context ...|"data":{"p":"hunter2"}}|...';
    const error = statusError(400, status({ message }), { verb: 'apply', subject: 'Secret/a/b' }, CALLER);
    expect(error.message).toContain('illegal base64');
    expect(error.message).not.toContain('hunter2');
  });
});
