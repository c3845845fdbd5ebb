import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {{ certificate: string, key: string } | { token: string }} Credentials
 *   a client certificate and its key as PEM, or a bearer token
 */

/**
 * A kubeconfig that needs no file beside it. It is JSON, which is YAML too.
 *
 * @param {{ server: string, ca: string, user: string, credentials: Credentials }} options  ca is PEM
 */
export function kubeconfig({ server, ca, user, credentials }) {
  const name = 'kthena-test';
  return JSON.stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name, cluster: { server, 'certificate-authority-data': base64(ca) } }],
      users: [{ name: user, user: userFields(credentials) }],
      contexts: [{ name, context: { cluster: name, user } }],
      'current-context': name,
    },
    null,
    2,
  );
}

/** @param {Credentials} credentials */
function userFields(credentials) {
  if ('token' in credentials) return { token: credentials.token };
  return {
    'client-certificate-data': base64(credentials.certificate),
    'client-key-data': base64(credentials.key),
  };
}

/**
 * @param {string} folder  of the control plane
 * @returns {{ ca: string, certificate: string, key: string }} PEM of the CA, of the administrator's certificate and its key
 */
export function adminFiles(folder) {
  const read = (/** @type {string} */ name) => readFileSync(join(folder, name), 'utf8');
  return { ca: read('ca.crt'), certificate: read('admin.crt'), key: read('admin.key') };
}

/** @param {string} text */
function base64(text) {
  return Buffer.from(text).toString('base64');
}
