import { describe, expect, it } from 'vitest';
import { caBundleProblem } from '../../../src/values/ca-bundle.js';

/** A self-signed CA; its key was thrown away. */
const CERTIFICATE = [
  '-----BEGIN CERTIFICATE-----',
  'MIIBezCCASGgAwIBAgIUVXyA1vofbuqmaZIuskgoZj5p3kcwCgYIKoZIzj0EAwIw',
  'EjEQMA4GA1UEAwwHdGVzdC1jYTAgFw0yNjExMjIyMDE5NTJaGA8yMTI2MTAyOTIw',
  'MTk1MlowEjEQMA4GA1UEAwwHdGVzdC1jYTBZMBMGByqGSM49AgEGCCqGSM49AwEH',
  'A0IABJl8Kt4uj/rFL8//AF9StgtCXatjx+3ZWbgfMg2VaruoE1beukrCSQ2jxHdu',
  'Pa6x40CcVYGlN2Z0R3Tk6JmFLoCjUzBRMB0GA1UdDgQWBBRJWDbtEIfyrtzfzmD1',
  'lgtuzWsk+DAfBgNVHSMEGDAWgBRJWDbtEIfyrtzfzmD1lgtuzWsk+DAPBgNVHRMB',
  'Af8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIHVru7ptJMF44v/GGKC7L9GqxD7G',
  'fSrJlFyYFhlPl1PKAiEAzM57W1j9/Rb0KkC9PUQja8LE1K4pAgLVffGuZTB7RdI=',
  '-----END CERTIFICATE-----',
].join('\n');

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
