import { describe, expect, it } from 'vitest';
import { isFinal, NetworkFailure, unreachable } from '../../../src/kube/network-error.js';

const SERVER = 'https://api.example:6443';

function errno(code: string, message = code): Error {
  return Object.assign(new Error(message), { code });
}

function told(cause: unknown, kind: NetworkFailure['kind'] = 'not-connected'): { message: string; hint: string } {
  const error = unreachable(SERVER, 'prod', new NetworkFailure(kind, cause), 30);
  expect(error.code).toBe('unreachable');
  expect(error.message).toContain(SERVER);
  return { message: error.message, hint: error.hint ?? '' };
}

describe('unreachable', () => {
  it('says in words what happened', () => {
    expect(told(errno('ECONNREFUSED')).message).toContain('refuses connections');
    expect(told(errno('ENOTFOUND')).message).toContain('cannot be resolved');
    expect(told(errno('EHOSTUNREACH')).message).toContain('cannot be reached');
    expect(told(errno('ECONNRESET'), 'lost').message).toContain('broke the connection off');
    expect(told(errno('CERT_HAS_EXPIRED'), 'final').message).toContain('expired');
    expect(told(errno('SELF_SIGNED_CERT_IN_CHAIN'), 'final').message).toContain('not trusted');
    expect(told(errno('ERR_SSL_WRONG_VERSION_NUMBER'), 'final').message).toContain('does not speak TLS');
  });

  it('warns that the work may be done only where it can be', () => {
    expect(told(errno('ECONNRESET'), 'lost').hint).toContain('may have been done');
    expect(told(errno('ERR_HTTP2_STREAM_CANCEL'), 'lost').hint).toContain('may have been done');
    expect(told(errno('ECONNRESET'), 'not-connected').hint).not.toContain('may have been done');
  });

  it('shows the names of a certificate that is for another one', () => {
    const cause = Object.assign(errno('ERR_TLS_CERT_ALTNAME_INVALID'), {
      reason: 'IP: 1.2.3.4 is not in the list: DNS:kubernetes',
    });
    const { message, hint } = told(cause, 'final');
    expect(message).toContain('DNS:kubernetes');
    expect(hint).toContain('tls-server-name');
  });

  it('names the context where the address is the suspect', () => {
    expect(told(errno('ECONNREFUSED')).hint).toContain('context "prod"');
  });

  it('tells the deadline that passed', () => {
    expect(told(new Error('aborted'), 'timeout').message).toContain('within 30 s');
  });

  it('has words for what it does not know', () => {
    expect(told(errno('EWHATEVER', 'odd thing')).message).toContain('odd thing (EWHATEVER)');
    expect(told('text').message).toContain('text');
  });

  it('reads the code of an error that stands for all addresses of a host', () => {
    const all = Object.assign(new AggregateError([errno('ECONNREFUSED')]), { code: 'ECONNREFUSED' });
    expect(told(all).message).toContain('refuses connections');
  });
});

describe('isFinal', () => {
  it('holds for certificates, not for the network', () => {
    expect(isFinal(errno('CERT_HAS_EXPIRED'))).toBe(true);
    expect(isFinal(errno('ERR_OSSL_X509_KEY_VALUES_MISMATCH'))).toBe(true);
    expect(isFinal(errno('ECONNREFUSED'))).toBe(false);
    expect(isFinal(new Error('?'))).toBe(false);
    expect(isFinal(undefined)).toBe(false);
  });
});
