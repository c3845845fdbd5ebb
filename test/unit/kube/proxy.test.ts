import { describe, expect, it } from 'vitest';
import { displayProxy, proxyFromEnvironment } from '../../../src/kube/proxy.js';

const PROXY = 'http://proxy.example:3128';

function isDirect(server: string, noProxy: string): boolean {
  return proxyFromEnvironment(server, { HTTPS_PROXY: PROXY, NO_PROXY: noProxy }) === undefined;
}

describe('proxyFromEnvironment', () => {
  it('takes the variable of the scheme, in either case', () => {
    expect(proxyFromEnvironment('https://a:6443', { HTTPS_PROXY: PROXY })).toBe(PROXY);
    expect(proxyFromEnvironment('https://a:6443', { https_proxy: PROXY })).toBe(PROXY);
    expect(proxyFromEnvironment('https://a:6443', { HTTP_PROXY: PROXY })).toBeUndefined();
    expect(proxyFromEnvironment('http://a:8001', { HTTP_PROXY: PROXY })).toBe(PROXY);
    expect(proxyFromEnvironment('https://a:6443', { HTTPS_PROXY: '' })).toBeUndefined();
    expect(proxyFromEnvironment('https://a:6443', {})).toBeUndefined();
  });

  it('understands a proxy without a scheme', () => {
    expect(proxyFromEnvironment('https://a', { HTTPS_PROXY: 'proxy.example:3128' })).toBe(PROXY);
  });

  it('never asks this machine through a proxy', () => {
    for (const server of [
      'https://localhost:6443',
      'https://127.0.0.1:6443',
      'https://127.1.2.3',
      'https://[::1]:6443',
    ]) {
      expect(isDirect(server, '')).toBe(true);
    }
  });
});

describe('NO_PROXY', () => {
  it('matches a name and its subdomains', () => {
    expect(isDirect('https://example.com', 'a.b, example.com')).toBe(true);
    expect(isDirect('https://api.example.com', 'example.com')).toBe(true);
    expect(isDirect('https://api.example.com', '.example.com')).toBe(true);
    expect(isDirect('https://api.example.com', '*.example.com')).toBe(true);
    expect(isDirect('https://example.com', '.example.com')).toBe(false);
    expect(isDirect('https://notexample.com', 'example.com')).toBe(false);
    expect(isDirect('https://anything', '*')).toBe(true);
    expect(isDirect('https://API.Example.com', 'example.COM')).toBe(true);
  });

  it('matches addresses and ranges', () => {
    expect(isDirect('https://10.1.2.3:6443', '10.0.0.0/8')).toBe(true);
    expect(isDirect('https://11.1.2.3:6443', '10.0.0.0/8')).toBe(false);
    expect(isDirect('https://10.1.2.3:6443', '10.1.2.3')).toBe(true);
    expect(isDirect('https://10.1.2.3:6443', '1.2.3')).toBe(false);
    expect(isDirect('https://[fd00::1]:6443', 'fd00::/8')).toBe(true);
    expect(isDirect('https://[fd00::1]:6443', '10.0.0.0/8')).toBe(false);
    expect(isDirect('https://10.1.2.3', '10.0.0.0/99,nonsense/8')).toBe(false);
  });

  it('may name a port', () => {
    expect(isDirect('https://example.com:6443', 'example.com:6443')).toBe(true);
    expect(isDirect('https://example.com', 'example.com:443')).toBe(true);
    expect(isDirect('https://example.com:8443', 'example.com:6443')).toBe(false);
  });
});

describe('displayProxy', () => {
  it('hides the password', () => {
    expect(displayProxy('http://me:hunter2@proxy.example:3128/')).toBe('http://proxy.example:3128');
  });
});
