import { describe, expect, it } from 'vitest';
import { isReadyOnceItExists, statusOf } from '../../../../src/wait/status.js';
import { object } from '../samples.js';

describe.each(['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'])('a %s', (kind) => {
  const injected = { annotations: { 'cert-manager.io/inject-ca-from': 'kthena-system/router' } };
  const configuration = (clientConfig: object, metadata = {}) =>
    object('admissionregistration.k8s.io/v1', kind, { metadata, webhooks: [{ name: 'a.example.com', clientConfig }] });
  const service = { name: 'router', namespace: 'kthena-system' };

  it('is ready with a CA bundle, or where none is needed', () => {
    expect(statusOf(configuration({ service, caBundle: 'Zg==' }, injected))).toEqual({
      state: 'ready',
      message: 'ready',
    });
    expect(statusOf(configuration({ url: 'https://example.com' }))).toEqual({ state: 'ready', message: 'ready' });
  });

  it('remarks that there is none', () => {
    expect(statusOf(configuration({ service }))).toMatchObject({
      state: 'ready',
      remark: expect.stringMatching(/^a.example.com has no CA bundle/) as string,
    });
  });

  it('waits for the one that cert-manager is to write', () => {
    expect(statusOf(configuration({ service, caBundle: '' }, injected))).toEqual({
      state: 'progressing',
      reason: 'NoCABundle',
      message: 'waiting for cert-manager to write the CA bundle of a.example.com',
    });
    expect(isReadyOnceItExists(configuration({ service }, injected))).toBe(false);
    expect(isReadyOnceItExists(configuration({ service }))).toBe(true);
  });
});
