import { beforeAll, describe, expect, it } from 'vitest';
import {
  certificatesOf,
  covers,
  fromCaBundle,
  joinedBundle,
  sameCertificates,
  toCaBundle,
} from '../../../src/certs/bundle.js';
import { authority } from './authority.js';

let one: string;
let two: string;
let key: string;

beforeAll(async () => {
  const [first, second] = await Promise.all([authority({ subject: 'CN=One' }), authority({ subject: 'CN=Two' })]);
  one = first.certificate;
  two = second.certificate;
  key = first.privateKey;
});

describe('bundles', () => {
  it('are read with whatever stands between their certificates', () => {
    const text = `# ours\r\n${one.replaceAll('\n', '\r\n')}\nsubject=/CN=Two\n${two}`;
    expect(certificatesOf(text).map(({ subject }) => subject)).toEqual(['CN=One', 'CN=Two']);
    expect(certificatesOf('')).toEqual([]);
    expect(certificatesOf('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----')).toEqual([]);
  });

  it('are the same in any order, and however often a certificate stands in them', () => {
    expect(sameCertificates(one + two, two + one + two)).toBe(true);
    expect(sameCertificates(one, one + two)).toBe(false);
    expect(sameCertificates(one, two)).toBe(false);
  });

  it('cover what they hold, and never nothing', () => {
    expect(covers(one + two, two)).toBe(true);
    expect(covers(one, one + two)).toBe(false);
    expect(covers(one, '')).toBe(false);
    expect(covers('', one)).toBe(false);
  });

  it('are joined without repeats, and without what is no certificate', () => {
    expect(joinedBundle(one, two + one)).toBe(one + two);
    expect(joinedBundle(`${key}${one}`, '')).toBe(one);
  });

  it('travel in webhook configurations as base64', () => {
    expect(fromCaBundle(toCaBundle(one))).toBe(one);
    expect(fromCaBundle(undefined)).toBe('');
  });
});
