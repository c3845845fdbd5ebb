import { describe, expect, it } from 'vitest';
import { readWebhookAnswer } from '../../../src/preflight/webhook-answer.js';

/** As errors of the client are: what the API server said, within a sentence. */
const error = (said: string): string => `ModelRoute/a/b: the API server refused to create it (500: ${said}).`;
const failed = (cause: string): string =>
  error(
    `Internal error occurred: failed calling webhook "x.example": failed to call webhook: Post "https://s.n.svc:443/v?timeout=30s": ${cause}`,
  );

describe('the error of a webhook that could not be called', () => {
  it.each([
    ['service "s" not found', 'no-service'],
    ['no service port 443 found for service "s"', 'no-port'],
    ['no endpoints available for service "s"', 'no-endpoints'],
    ['tls: failed to verify certificate: x509: certificate signed by unknown authority', 'unknown-authority'],
    [
      'tls: failed to verify certificate: x509: certificate signed by unknown authority (possibly because of "x509: ECDSA verification failed" while trying to verify candidate authority certificate "ca")',
      'unknown-authority',
    ],
    ['tls: failed to verify certificate: x509: certificate is valid for a.svc, not s.n.svc', 'wrong-name'],
    ['x509: certificate is not valid for any names, but wanted to match s.n.svc', 'wrong-name'],
    ['x509: certificate relies on legacy Common Name field, use SANs instead', 'wrong-name'],
    [
      'x509: certificate has expired or is not yet valid: current time 2026-01-02T00:00:00Z is after 2026-01-01T00:00:00Z',
      'expired',
    ],
    [
      'x509: certificate has expired or is not yet valid: current time 2026-01-02T00:00:00Z is before 2027-01-01T00:00:00Z',
      'not-yet-valid',
    ],
    ['x509: certificate specifies an incompatible key usage', 'bad-certificate'],
    ['dial tcp 10.0.0.1:443: connect: connection refused', 'refused'],
    ['dial tcp 10.0.0.1:443: connect: network is unreachable', 'unreachable'],
    ['dial tcp 10.0.0.1:443: i/o timeout', 'timeout'],
    ['context deadline exceeded', 'timeout'],
    [
      'net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)',
      'timeout',
    ],
    ['http: server gave HTTP response to HTTPS client', 'no-tls'],
    ['EOF', 'unreachable'],
    ['the server could not find the requested resource', 'bad-answer'],
    ['something new', 'other'],
  ])('%s: %s', (cause, outcome) => {
    expect(readWebhookAnswer(failed(cause))).toEqual({ webhook: 'x.example', outcome, said: cause });
  });

  it('is read where the request was never sent', () => {
    const said = 'failed calling webhook "x.example": failed to call webhook: no endpoints available for service "s"';
    expect(readWebhookAnswer(error(said))?.outcome).toBe('no-endpoints');
  });
});

describe('the error of a webhook that says no', () => {
  it('has its reason on one line', () => {
    const said = 'admission webhook "x.example" denied the request: validation failed:\n  - spec: Required value';
    expect(readWebhookAnswer(error(said))).toEqual({
      webhook: 'x.example',
      outcome: 'denied',
      said: 'validation failed: - spec: Required value',
    });
  });

  it('may have none', () => {
    const said = 'admission webhook "x.example" denied the request without explanation';
    expect(readWebhookAnswer(error(said))).toMatchObject({ outcome: 'denied', said: 'without a reason' });
  });
});

it('reads nothing from an error of another kind', () => {
  expect(readWebhookAnswer('User "bob" cannot create resource "modelroutes"')).toBeUndefined();
});
