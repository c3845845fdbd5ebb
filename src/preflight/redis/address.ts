import { isIP } from 'node:net';
import { FORMATS } from '../../values/formats.js';

/**
 * What is wrong with the host of a Redis server.
 *
 * @returns completes "REDIS_HOST … "; undefined where nothing is
 */
export function hostProblem(host: string): string | undefined {
  if (host.trim() === '') return 'is empty, so that the router uses no Redis';
  if (host.includes('://')) return 'is a URL, but must be a host name or address alone';
  if (/\s/.test(host)) return 'has a space or a line break in it';
  if (isIP(host.replace(/^\[(.*)\]$/, '$1')) !== 0) return undefined;
  if (/:\d*$/.test(host)) return 'has a port in it, which belongs into REDIS_PORT';
  const isName = FORMATS['dns-subdomain']?.validate(host.toLowerCase().replace(/\.$/, '')) === true;
  return isName ? undefined : 'is no host name or address';
}

/** As `hostProblem`, completing "REDIS_PORT … ". */
export function portProblem(port: string): string | undefined {
  if (/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535) return undefined;
  if (/^[a-z]+:\/\//.test(port)) return 'is an address, but must be a number from 1 to 65535';
  return 'is no number from 1 to 65535';
}

/** The Service that a host name inside the cluster stands for; undefined where that cannot be told. */
export function serviceOfHost(host: string, namespace: string): { namespace: string; name: string } | undefined {
  const labels = host.toLowerCase().replace(/\.$/, '').split('.');
  const [name = ''] = labels;
  if (isIP(host) !== 0 || name === 'localhost') return undefined;
  if (labels.length === 1) return { namespace, name };
  const isService = labels[2] === 'svc' && (labels.length === 3 || labels.slice(3).join('.') === 'cluster.local');
  return isService ? { namespace: labels[1]!, name } : undefined;
}

/** True where both lead to the same server, as far as the names tell: `redis` and `redis.<namespace>.svc` do. */
export function isSameServer(address: string, host: string, port: string, namespace: string): boolean {
  const [, otherHost = address, otherPort = '6379'] = /^(.*):(\d+)$/.exec(address) ?? [];
  return otherPort === port && fullName(otherHost, namespace) === fullName(host, namespace);
}

function fullName(host: string, namespace: string): string {
  const [name, inNamespace, ...rest] = host.toLowerCase().replace(/\.$/, '').split('.');
  if (isIP(host) !== 0) return host;
  const isShort =
    rest.length === 0 || (rest[0] === 'svc' && (rest.length === 1 || rest.slice(1).join('.') === 'cluster.local'));
  return isShort ? `${name}.${inNamespace ?? namespace}` : [name, inNamespace, ...rest].join('.');
}
