import { describe, expect, it } from 'vitest';
import { KthenaError } from '../../../src/errors.js';
import { convertObsolete } from '../../../src/values/obsolete.js';
import { placeAt } from '../../../src/values/place.js';
import type { Values } from '../../../src/values/value.js';
import { parseValuesYaml } from '../../../src/values/yaml.js';

function convert(text: string): { values: Values; warnings: string[] } {
  const { placed, warnings } = convertObsolete(parseValuesYaml(text, 'values.yaml'));
  return { values: placed.values, warnings };
}
const problem = (text: string): string => {
  try {
    convert(text);
  } catch (error) {
    if (error instanceof KthenaError) return error.message;
    throw error;
  }
  throw new Error(`accepted: ${text}`);
};

describe('global.certManager', () => {
  it.each([
    ['global: {certManager: {enabled: true}}', 'cert-manager'],
    ['global: {certManager: {enable: true}}', 'cert-manager'],
    ['global: {certManager: {enabled: true, enable: true}}', 'cert-manager'],
    ['global: {certManager: {enabled: false}}', 'auto'],
    ['global: {certManager: {enabled: false}, webhook: {caBundle: ""}}', 'auto'],
    ['global: {certManager: {enabled: false}, webhook: {caBundle: QQ==}}', 'manual'],
    ['global: {certManager: {enabled: true}, webhook: {caBundle: QQ==}}', 'cert-manager'],
    ['global: {certManager: {enabled: true}, certManagementMode: cert-manager}', 'cert-manager'],
    ['global: {certManager: {enabled: false}, certManagementMode: manual}', 'manual'],
    ['global: {certManager: {enabled: false}, certManagementMode: auto, webhook: {caBundle: QQ==}}', 'auto'],
    ['global: {certManager: {enabled: true}, certManagementMode: null}', 'cert-manager'],
  ])('%s means %s', (text, mode) => {
    const { values, warnings } = convert(text);
    expect(values['global']).toMatchObject({ certManagementMode: mode });
    expect(values['global']).not.toHaveProperty('certManager');
    expect(warnings[0]).toMatch(
      new RegExp(
        `^values\\.yaml:1:\\d+: global\\.certManager\\.enabled? is obsolete: write global\\.certManagementMode: ${mode}$`,
      ),
    );
  });

  it('leaves its place to the new value', () => {
    const { placed } = convertObsolete(parseValuesYaml('global:\n  certManager:\n    enabled: true\n', 'values.yaml'));
    expect(placeAt(placed, ['global', 'certManagementMode'])).toBe('values.yaml:3:5');
  });

  it.each([
    [
      'enabled: true',
      'auto',
      'global.certManager.enabled is true, but global.certManagementMode is auto (set at values.yaml:4:3)',
    ],
    [
      'enable: true',
      'manual',
      'global.certManager.enable is true, but global.certManagementMode is manual (set at values.yaml:4:3)',
    ],
    [
      'enabled: false',
      'cert-manager',
      'global.certManager.enabled is false, but global.certManagementMode is cert-manager (set at values.yaml:4:3)',
    ],
  ])('%s disagrees with %s', (old, mode, message) => {
    const text = `global:\n  certManager:\n    ${old}\n  certManagementMode: ${mode}\n`;
    expect(problem(text)).toBe(`values.yaml:3:5: ${message}`);
  });

  it('must not say two things itself', () => {
    expect(problem('global: {certManager: {enabled: true, enable: false}}')).toBe(
      'values.yaml:1:39: global.certManager.enable is false, but another old spelling of it is true',
    );
  });

  it('must be a switch', () => {
    expect(problem('global: {certManager: {enabled: maybe}}')).toBe(
      'values.yaml:1:24: global.certManager.enabled must be true or false',
    );
  });

  it('is left alone where nothing in it is known, for the schema to refuse', () => {
    expect(convert('global: {certManager: {issuer: x}}').values).toEqual({ global: { certManager: { issuer: 'x' } } });
    expect(convert('global: {certManager: true}').values).toEqual({ global: { certManager: true } });
  });

  it('disappears when null removes it', () => {
    expect(convert('global: {certManager: {enabled: null}}')).toEqual({ values: { global: {} }, warnings: [] });
  });
});

describe('what has no effect any more', () => {
  it('is taken out with a warning', () => {
    const { values, warnings } = convert(
      'networking:\n  enabled: true\n  webhook:\n    replicas: 2\nregistry:\n  enabled: true\n',
    );
    expect(values).toEqual({ networking: { enabled: true } });
    expect(warnings).toEqual([
      'values.yaml:3:3: networking.webhook is ignored: the webhook is part of the router now and set up under networking.kthenaRouter.webhook',
      'values.yaml:5:1: registry is ignored: Kthena no longer has that component',
    ]);
  });
});

it('changes nothing in values of today', () => {
  const text = 'global: {certManagementMode: manual}\nnetworking: {kthenaRouter: {webhook: {port: 1}}}\n';
  const placed = parseValuesYaml(text, 'values.yaml');
  expect(convertObsolete(placed)).toEqual({ placed, warnings: [] });
});
