import { expect, it } from 'vitest';
import { loadBuiltInBundle } from '../../src/bundle/built-in.js';
import { bundleProblems } from '../../src/render/check.js';
import { brokenRules } from '../../src/render/rules.js';

const bundle = await loadBuiltInBundle();

// A run without any values of the user's relies on it, and does not check them again.
it('the defaults are valid by schema and rules', async () => {
  const validate = await bundle.validator();
  validate(bundle.defaults);
  expect(validate.errors ?? []).toEqual([]);
  expect(brokenRules(bundle, bundle.defaults)).toEqual([]);
});

it('every expression of the bundle fits the types of its values', () => {
  expect(bundleProblems(bundle)).toEqual([]);
});

it('a misspelt value in a template is found without rendering it', () => {
  const [component, ...others] = bundle.components;
  const template = { path: 'manifests/networking/x.yaml', documents: [{ spec: { replicas: '${ router.replcias }' } }] };
  const broken = { ...bundle, components: [{ ...component!, templates: [template] }, ...others] };
  expect(bundleProblems(broken)).toEqual([
    'manifests/networking/x.yaml: spec.replicas: ${ router.replcias }: No such key: replcias',
  ]);
});
