import { beforeAll, describe, expect, it } from 'vitest';
import { withTlsFiles } from '../../../src/actions/tls-values.js';
import { toCaBundle } from '../../../src/certs/bundle.js';
import type { TlsFiles } from '../../../src/certs/tls-files.js';
import { recordedUserValues, type UserValues } from '../../../src/values/read.js';
import type { Values } from '../../../src/values/value.js';
import { authority } from '../certs/authority.js';

let one: string;
let two: string;

beforeAll(async () => {
  [one, two] = (await Promise.all([authority({ subject: 'CN=One' }), authority({ subject: 'CN=Two' })])).map(
    ({ certificate }) => certificate,
  ) as [string, string];
});

const BECOMES = '--tls-ca-file: global.certManagementMode becomes manual, since the certificates are given as files';

function given(values: Values): UserValues {
  return recordedUserValues(values, 'values.yaml:2:3');
}

function filesWith(ca: string): TlsFiles {
  return { all: {}, components: { 'kthena-router': {}, 'kthena-controller-manager': {} }, ca, flag: '--tls-ca-file' };
}

describe('values beside certificate files', () => {
  it('get the mode and the CA bundle, said once and with the flag for their place', () => {
    const result = withTlsFiles(given({ global: { imageRegistry: 'r' } }), filesWith(one), undefined);
    expect(result.values).toEqual({
      global: { imageRegistry: 'r', certManagementMode: 'manual', webhook: { caBundle: toCaBundle(one) } },
    });
    expect(result.warnings).toEqual([BECOMES]);
    expect(result.placeOf(['global', 'webhook', 'caBundle'])).toBe('--tls-ca-file');
    expect(result.placeOf(['global', 'imageRegistry'])).toBe('values.yaml:2:3');
  });

  it('say nothing of a mode that was manual already', () => {
    const manual = given({ global: { certManagementMode: 'manual' } });
    expect(withTlsFiles(manual, filesWith(one), undefined).warnings).toEqual([]);
    expect(withTlsFiles(given({}), filesWith(one), manual).warnings).toEqual([]);
  });

  it('go before what was set earlier', () => {
    const earlier = given({ global: { certManagementMode: 'auto', webhook: { caBundle: toCaBundle(two) } } });
    const result = withTlsFiles(given({}), filesWith(one), earlier);
    expect(result.values).toMatchObject({ global: { webhook: { caBundle: toCaBundle(one) } } });
    expect(result.warnings).toEqual([BECOMES]);
  });

  it.each(['auto', 'cert-manager'])('do not go with mode %s of the same command', (certManagementMode) => {
    expect(() => withTlsFiles(given({ global: { certManagementMode } }), filesWith(one), undefined)).toThrow(
      `values.yaml:2:3: global.certManagementMode is "${certManagementMode}", which does not go with --tls-ca-file`,
    );
  });

  it('may name the same CA, in any order, and no other', () => {
    const both = given({ global: { webhook: { caBundle: toCaBundle(two + one) } } });
    expect(() => withTlsFiles(both, filesWith(one + two), undefined)).not.toThrow();
    expect(() => withTlsFiles(both, filesWith(one), undefined)).toThrow(
      'values.yaml:2:3: global.webhook.caBundle holds other certificates, which does not go with --tls-ca-file',
    );
  });
});
