import { describe, expect, it } from 'vitest';
import type { CrdUpgrade } from '../../../src/crds/upgrade-plan.js';
import { presentCrdsDiff } from '../../../src/report/crds-upgrade.js';
import { crdOf } from '../../fixtures/crds/history.js';

const UPGRADE: CrdUpgrade = {
  name: 'modelservers.networking.serving.volcano.sh',
  wanted: crdOf('main', 'ModelServer'),
  installed: crdOf('1.0', 'ModelServer'),
  action: 'upgrade',
  changes: [{ path: 'v1alpha1: spec', rule: 'rule-added', rating: 'tightening', message: 'a rule was added' }],
  affected: [],
  unchecked: [{ path: 'spec', kind: 'rule', text: 'self.a < quantity(self.b)', why: 'quantities are not known here' }],
  conflicts: [],
  terminating: false,
};

describe('the text of a comparison', () => {
  it('does not pass over what resources could not be checked against', () => {
    expect(presentCrdsDiff([UPGRADE], 'text')).toBe(
      [
        `${UPGRADE.name}:`,
        '  tightening v1alpha1: spec: a rule was added',
        `  ${UPGRADE.name}: spec: resources were not checked against the rule self.a < quantity(self.b): quantities are not known here`,
        '',
      ].join('\n'),
    );
  });
});
