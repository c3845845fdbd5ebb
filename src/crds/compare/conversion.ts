import { isDeepStrictEqual } from 'node:util';
import { change, type CrdChange, type Rating } from './change.js';
import type { CrdConversion, CrdSpec } from './crd.js';

/** Changes of how a resource gets from one version to another. With one version nothing is ever converted. */
export function conversionChanges(before: CrdSpec, after: CrdSpec): CrdChange[] {
  const [old, next] = [before.conversion, after.conversion];
  const converted = before.versions.length > 1 || after.versions.length > 1;
  if (old.strategy !== next.strategy) {
    const rating: Rating = converted ? 'breaking' : 'safe';
    const message = converted
      ? 'resources stored in another version are converted differently, and fields the conversion does not carry over are lost'
      : 'without effect as long as the CRD has one version';
    const values = { before: old.strategy, after: next.strategy };
    return [change('spec.conversion.strategy', 'conversion-changed', rating, message, values)];
  }
  if (isDeepStrictEqual(webhookOf(old), webhookOf(next))) return [];
  const rating: Rating = converted ? 'tightening' : 'safe';
  const message =
    'another webhook converts the resources; while it does not answer, none can be read in another version';
  return [change('spec.conversion.webhook', 'conversion-webhook-changed', rating, message)];
}

/** Where the webhook is, without its CA: that is written by whoever issues the certificate. */
function webhookOf({ webhook }: CrdConversion): unknown {
  if (webhook === undefined) return undefined;
  const { url, service } = webhook.clientConfig ?? {};
  const place = service === undefined ? { url } : { port: 443, ...(service as object) };
  return { place, versions: webhook.conversionReviewVersions ?? [] };
}
