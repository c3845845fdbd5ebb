import type { KeySource } from './source.js';

/** What a key may have been meant as, by its letters alone. */
const MEANT: Readonly<Record<string, readonly string[]>> = {
  REDIS_HOST: [
    'redishost',
    'host',
    'hostname',
    'redishostname',
    'redisaddr',
    'redisaddress',
    'address',
    'redisurl',
    'server',
  ],
  REDIS_PORT: ['redisport', 'port'],
  password: [
    'password',
    'redispassword',
    'pass',
    'redispass',
    'passwd',
    'redispasswd',
    'pwd',
    'requirepass',
    'redisauth',
  ],
};

/** A key that is there in the place of the one that is read; undefined where none looks like it. */
export function misspelt(key: string, present: readonly string[]): string | undefined {
  const meant = MEANT[key] ?? [lettersOf(key)];
  return present.find((other) => other !== key && meant.includes(lettersOf(other)));
}

function lettersOf(key: string): string {
  return key.toLowerCase().replace(/[^a-z]/g, '');
}

/** A command that copies a key of a ConfigMap or Secret to the one that is read; the value appears nowhere. */
export function copyCommand({ kind, name, key }: KeySource, from: string, namespace: string): string {
  const object = `${kind.toLowerCase()} ${name} -n ${namespace}`;
  // The data of a Secret is base64, which needs no escaping.
  const value = kind === 'Secret' ? `"{{index .data "${from}"}}"` : `{{printf "%q" (index .data "${from}")}}`;
  return `kubectl get ${object} -o go-template='{"data":{"${key}":${value}}}' | kubectl patch ${object} --patch-file=/dev/stdin`;
}
