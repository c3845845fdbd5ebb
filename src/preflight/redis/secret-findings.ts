import { refOf, type KubeObject } from '../../kube/object.js';
import type { Finding } from '../check.js';
import { isSameServer } from './address.js';
import type { RedisSource } from './source.js';
import { addressIn, DEFAULT_PORT, GUIDE, keysOf, missingKey, refTo, type RedisState } from './state.js';

/** The Secret with the password. What is in it appears in no finding. */
export function passwordFindings(state: RedisState, secret: KubeObject | undefined): Finding[] {
  const { source, namespace } = state;
  if (secret === undefined || source.password === undefined) return [];
  const password = passwordIn(secret, source);
  if (password === undefined) return missingKey(state, source.password, keysOf(secret));
  if (!/[\r\n]$/.test(password)) return [];
  return [
    {
      severity: 'warning',
      object: refTo(source.password, namespace),
      seen: `${source.password.key} ends in a line break, which Redis takes for a part of the password`,
      hint: `Make the Secret anew from a text without one (printf %s rather than echo), as in ${GUIDE}.`,
    },
  ];
}

/** A ModelRoute can name a server, but no password: with the one of the router it would be refused. */
export function rateLimitFindings(
  { source, namespace, configMap }: RedisState,
  secret: KubeObject | undefined,
  routes: readonly KubeObject[],
): Finding[] {
  const { host, port = DEFAULT_PORT } = configMap === undefined ? {} : addressIn(configMap, source);
  const hasPassword = secret !== undefined && (passwordIn(secret, source) ?? '') !== '';
  if (host === undefined || !hasPassword) return [];
  return routes
    .filter((route) => {
      const address = globalLimitOf(route);
      return address !== undefined && isSameServer(address, host, port, namespace);
    })
    .map((route) => ({
      severity: 'warning',
      object: refOf(route),
      seen: 'its rate limit over all routers names the Redis of the router, which wants a password that a ModelRoute cannot give',
      hint: 'Use a Redis without a password for rate limits, closed to everything but the router by a NetworkPolicy.',
    }));
}

function globalLimitOf(route: KubeObject): string | undefined {
  const { rateLimit } = (route['spec'] ?? {}) as { rateLimit?: { global?: { redis?: { address?: string } } } };
  return rateLimit?.global?.redis?.address;
}

function passwordIn(secret: KubeObject, { password }: RedisSource): string | undefined {
  const encoded = password === undefined ? undefined : ((secret['data'] ?? {}) as Record<string, string>)[password.key];
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString();
}
