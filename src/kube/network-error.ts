import { KthenaError } from '../errors.js';
import type { Outcome } from './retry.js';

/** A request that got no answer: why, and whether it may have reached the server. */
export class NetworkFailure extends Error {
  override readonly name = 'NetworkFailure';

  constructor(
    readonly kind: (Outcome & { type: 'failure' })['kind'],
    override readonly cause: unknown,
  ) {
    super(`no answer: ${kind}`);
  }
}

/** True where another attempt would end the same way: the server's certificate, or ours, is not accepted. */
export function isFinal(error: unknown): boolean {
  return explanationOf(error)?.final === true;
}

/** The error for the user: one sentence with the server's URL, and what to look at. */
export function unreachable(server: string, context: string, failure: NetworkFailure, seconds: number): KthenaError {
  const { cause } = failure;
  if (failure.kind === 'timeout') {
    return new KthenaError('unreachable', `${server} did not answer within ${seconds} s.`, { cause, hint: ROUTE_HINT });
  }
  const explanation = explanationOf(cause) ?? (failure.kind === 'lost' ? BROKEN_OFF : undefined);
  if (explanation !== undefined) {
    // Before there was a connection, nothing can have been done.
    const unsent = explanation === BROKEN_OFF && failure.kind !== 'lost';
    const hint = (unsent ? ROUTE_HINT : explanation.hint).replace('{context}', context);
    return new KthenaError('unreachable', `${server} ${explanation.problem(messageOf(cause))}.`, { cause, hint });
  }
  const code = codeOf(cause);
  const what = code === '' ? messageOf(cause) : `${messageOf(cause)} (${code})`;
  return new KthenaError('unreachable', `${server} cannot be reached: ${what}.`, { cause, hint: ROUTE_HINT });
}

interface Explanation {
  problem: (message: string) => string;
  hint: string;
  /** Another attempt would end the same way. */
  final: boolean;
}

const ROUTE_HINT = 'Is the network, VPN or proxy that leads to the cluster up?';
const ADDRESS_HINT =
  'Is the cluster running, and is this the address to reach it at? It is the one of context "{context}".';
const CA_HINT =
  'The cluster entry of context "{context}" needs the right certificate-authority-data; for an authority of your own, NODE_EXTRA_CA_CERTS=<file> works too.';
const CLIENT_CERTIFICATE_HINT =
  'Renew the client certificate of context "{context}": it may be expired or of another cluster.';

const UNKNOWN_AUTHORITY: Explanation = {
  problem: (message) => `shows a certificate of an authority that is not trusted (${message})`,
  hint: CA_HINT,
  final: true,
};
const NO_ROUTE: Explanation = {
  problem: (message) => `cannot be reached (${message})`,
  hint: ROUTE_HINT,
  final: false,
};
const NO_SUCH_NAME: Explanation = {
  problem: () => 'has a host name that cannot be resolved',
  hint: ADDRESS_HINT,
  final: false,
};
const BROKEN_OFF: Explanation = {
  problem: (message) => `broke the connection off (${message})`,
  hint: 'What was asked may have been done all the same; look before you try again.',
  final: false,
};
const UNUSABLE_KEY: Explanation = {
  problem: (message) => `was not asked: the client certificate or its key cannot be used (${message})`,
  hint: CLIENT_CERTIFICATE_HINT,
  final: true,
};

const EXPLANATIONS: Record<string, Explanation> = {
  ECONNREFUSED: { problem: () => 'refuses connections', hint: ADDRESS_HINT, final: false },
  ENOTFOUND: NO_SUCH_NAME,
  EAI_AGAIN: NO_SUCH_NAME,
  ETIMEDOUT: NO_ROUTE,
  EHOSTUNREACH: NO_ROUTE,
  ENETUNREACH: NO_ROUTE,
  ECONNRESET: BROKEN_OFF,
  EPIPE: BROKEN_OFF,
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_AUTHORITY,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_AUTHORITY,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_AUTHORITY,
  CERT_SIGNATURE_FAILURE: UNKNOWN_AUTHORITY,
  CERT_HAS_EXPIRED: {
    problem: () => 'shows a certificate that has expired',
    hint: "Renew the cluster's certificates, or look at this machine's clock.",
    final: true,
  },
  CERT_NOT_YET_VALID: {
    problem: () => 'shows a certificate that is not valid yet',
    hint: "Look at this machine's clock.",
    final: true,
  },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    problem: (message) => `shows a certificate for another name (${message})`,
    hint: 'Use an address the certificate names, or set tls-server-name in the cluster entry of context "{context}".',
    final: true,
  },
  ERR_SSL_WRONG_VERSION_NUMBER: {
    problem: () => 'does not speak TLS',
    hint: 'Is the port right, and does the address begin with https:// rather than http://?',
    final: true,
  },
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: {
    problem: () => 'demands a client certificate',
    hint: CLIENT_CERTIFICATE_HINT,
    final: true,
  },
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: {
    problem: () => 'does not accept the client certificate',
    hint: CLIENT_CERTIFICATE_HINT,
    final: true,
  },
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: {
    problem: () => 'does not accept the client certificate',
    hint: CLIENT_CERTIFICATE_HINT,
    final: true,
  },
  ERR_OSSL_X509_KEY_VALUES_MISMATCH: UNUSABLE_KEY,
  ERR_OSSL_PEM_NO_START_LINE: UNUSABLE_KEY,
  ERR_OSSL_PEM_BAD_END_LINE: UNUSABLE_KEY,
  ERR_OSSL_UNSUPPORTED: UNUSABLE_KEY,
};

function explanationOf(error: unknown): Explanation | undefined {
  return EXPLANATIONS[codeOf(error)];
}

/** An AggregateError stands for all addresses of a host; it carries the code of one of them. */
function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}

function messageOf(error: unknown): string {
  const reason = (error as { reason?: unknown } | null)?.reason;
  const text = typeof reason === 'string' ? reason : error instanceof Error ? error.message : String(error);
  return (text === '' ? codeOf(error) : text).replace(/\s+/g, ' ').replace(/\.$/, '');
}
