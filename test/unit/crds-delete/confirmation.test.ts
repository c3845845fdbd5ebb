import { describe, expect, it } from 'vitest';
import { confirmationFor } from '../../../src/crds/confirmation.js';

describe('confirmationFor', () => {
  const booleans = [true, false];
  const withoutConsent = booleans.flatMap((yes) => booleans.map((canAsk) => ({ confirmDataLoss: false, yes, canAsk })));

  it.each(withoutConsent)('never grants the loss of resources without the explicit flag: %o', (flags) => {
    expect(confirmationFor(1, flags)).toBe(flags.canAsk ? 'type-number' : 'refused');
  });

  it('grants it with the explicit flag', () => {
    expect(confirmationFor(2000, { confirmDataLoss: true, yes: false, canAsk: false })).toBe('granted');
  });

  it('takes a yes where nothing would be lost, and asks for one where it can', () => {
    expect(confirmationFor(0, { confirmDataLoss: false, yes: true, canAsk: false })).toBe('granted');
    expect(confirmationFor(0, { confirmDataLoss: false, yes: false, canAsk: true })).toBe('ask-yes');
    expect(confirmationFor(0, { confirmDataLoss: false, yes: false, canAsk: false })).toBe('refused');
  });
});
