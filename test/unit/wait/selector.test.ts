import { expect, it } from 'vitest';
import { labelSelectorOf } from '../../../src/wait/selector.js';
import { deployment } from './samples.js';

it('writes labels and expressions in the syntax of the API', () => {
  const selector = {
    matchLabels: { 'app.kubernetes.io/name': 'networking', app: 'router' },
    matchExpressions: [
      { key: 'tier', operator: 'In', values: ['a', 'b'] },
      { key: 'old', operator: 'NotIn', values: ['yes'] },
      { key: 'here', operator: 'Exists' },
      { key: 'gone', operator: 'DoesNotExist' },
    ],
  };
  expect(labelSelectorOf(deployment({}, { selector }))).toBe(
    'app.kubernetes.io/name=networking,app=router,tier in (a,b),old notin (yes),here,!gone',
  );
});
