/** Why the API server could not get an answer from a webhook. */
export type CallFailure =
  | 'no-service'
  | 'no-port'
  | 'no-endpoints'
  | 'unknown-authority'
  | 'wrong-name'
  | 'expired'
  | 'not-yet-valid'
  | 'bad-certificate'
  | 'refused'
  | 'unreachable'
  | 'timeout'
  | 'no-tls'
  | 'bad-answer'
  | 'other';

/** What an error of the API server says of a webhook. */
export interface WebhookAnswer {
  /** Name of the webhook within its configuration. */
  webhook: string;
  /** `denied`: it was asked and said no; everything else: it did not answer. */
  outcome: 'denied' | CallFailure;
  /** The reason in the words of the webhook, or of the API server that called it. */
  said: string;
}

const DENIED = /admission webhook "([^"]+)" denied the request(?:: ([\s\S]*)| without explanation)/;
const FAILED = /failed calling webhook "([^"]+)": ([\s\S]*)/;
/** What stands before the cause where the request was sent: the address is the Service's, which says nothing new. */
const CALL = /^(?:failed to call webhook: )?(?:Post "[^"]*": )?/;

/**
 * Texts of the API server and of Go's network and TLS libraries, as of Kubernetes 1.29 to 1.34. The first that fits counts: a deadline
 * can pass while anything else goes on, and the attempt to connect says more than that.
 */
const CAUSES: readonly (readonly [RegExp, CallFailure])[] = [
  [/service "[^"]*" not found/, 'no-service'],
  [/no service port \d+ found/, 'no-port'],
  [/no endpoints available/, 'no-endpoints'],
  [
    /certificate signed by unknown authority|failed to verify certificate: x509: .*invalid signature/,
    'unknown-authority',
  ],
  [/x509: .*(is valid for|not valid for any names|legacy Common Name|IP SANs)/, 'wrong-name'],
  [/x509: certificate has expired or is not yet valid.* is before /, 'not-yet-valid'],
  [/x509: certificate has expired/, 'expired'],
  [/x509: |unable to load root certificates/, 'bad-certificate'],
  [/connection refused/, 'refused'],
  [/network is unreachable|no route to host|no such host/, 'unreachable'],
  [/i\/o timeout|deadline exceeded|Client\.Timeout|TLS handshake timeout|request canceled/, 'timeout'],
  [/gave HTTP response to HTTPS client|first record does not look like a TLS handshake|remote error: tls/, 'no-tls'],
  [/EOF|connection reset|broken pipe/, 'unreachable'],
  [
    /could not find the requested resource|an error on the server|rejected our request|expected (response|webhook)|received invalid|json/,
    'bad-answer',
  ],
];

/**
 * What an error that the API server gave for a write says about a webhook.
 *
 * @returns undefined where it speaks of no webhook
 */
export function readWebhookAnswer(message: string): WebhookAnswer | undefined {
  const denied = DENIED.exec(message);
  if (denied !== null) return { webhook: denied[1]!, outcome: 'denied', said: tidy(denied[2] ?? 'without a reason') };
  const failed = FAILED.exec(message);
  if (failed === null) return undefined;
  const said = tidy(failed[2]!.replace(CALL, ''));
  const cause = CAUSES.find(([pattern]) => pattern.test(said));
  return { webhook: failed[1]!, outcome: cause?.[1] ?? 'other', said };
}

/** On one line, without the end that errors of this tool put behind what the server said. */
function tidy(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.replace(/\)\.$/, '').replace(/\.$/, '');
}
