import { describe, expect, it } from 'vitest';
import { codeSpans, read } from './markdown.js';

/** What `helm help` of Helm 3 and 4 lists. */
const HELM =
  'completion create dependency env get help history install lint list package plugin pull push registry repo rollback ' +
  'search show status template test uninstall upgrade verify version';

describe('docs/from-helm.md', () => {
  const named = codeSpans(read('docs/from-helm.md'))
    .map((span) => /^helm (\w+)/.exec(span)?.[1])
    .filter((name) => name !== undefined);

  it.each(HELM.split(' '))('says what helm %s is here', (command) => {
    expect(named).toContain(command);
  });

  it('speaks of no command that Helm does not have', () => {
    expect(named.filter((name) => !HELM.split(' ').includes(name))).toEqual(['diff']);
  });
});
