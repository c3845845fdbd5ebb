import { describe, expect, it } from 'vitest';
import { caBundleProblem } from '../../../src/values/ca-bundle.js';
import { CERTIFICATE } from './certificate.js';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const wrapped = (text: string): string => base64(text).replace(/.{76}/g, '$&\n');

describe('caBundleProblem', () => {
  it.each([
    ['one certificate', base64(CERTIFICATE)],
    ['several', base64(`${CERTIFICATE}\n${CERTIFICATE}\n`)],
    ['text around them', base64(`# our CA\n${CERTIFICATE}\n# end\n`)],
    ['carriage returns', base64(CERTIFICATE.replaceAll('\n', '\r\n'))],
    ['base64 in lines', wrapped(CERTIFICATE)],
  ])('finds nothing wrong with %s', (_, bundle) => {
    expect(caBundleProblem(bundle)).toBeUndefined();
  });

  it.each([
    ['nothing', '', 'is empty'],
    ['blanks', ' \n', 'is empty'],
    ['PEM that was not encoded', CERTIFICATE, 'is PEM; it must be the base64 of the PEM text'],
    ['text that is no base64', 'not base64!', 'is not valid base64'],
    ['base64 of something else', base64('CA-BUNDLE'), 'is base64, but holds no PEM certificate'],
    ['a certificate cut off', base64(CERTIFICATE.slice(0, 200)), 'is cut off: a PEM block has no end'],
    [
      'a damaged certificate',
      base64(CERTIFICATE.replace('MIIB', 'AAAA')),
      'cannot be used: its PEM block is not a valid X.509 certificate',
    ],
    [
      'a second block that is a key',
      base64(`${CERTIFICATE}\n-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n`),
      'may hold certificates only, which PEM block 2 of 2 is not',
    ],
  ])('explains %s', (_, bundle, problem) => {
    expect(caBundleProblem(bundle)).toBe(problem);
  });
});
