import { Agent, request } from 'node:https';

/**
 * A minimal client of the API server, for the library's own needs and for the
 * plain requests of tests.
 *
 * @param {{ server: string, ca: string, certificate: string, key: string }} access  PEM contents
 * @returns {import('./index.d.mts').Request}
 */
export function apiClient({ server, ca, certificate, key }) {
  const agent = new Agent({ ca, cert: certificate, key, keepAlive: true });
  return (method, path, body) =>
    new Promise((resolve, reject) => {
      const headers = body === undefined ? {} : { 'content-type': contentType(method) };
      const outgoing = request(new URL(path, server), { method, agent, headers, timeout: 30_000 }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk) => (text += chunk));
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: parse(text) }));
      });
      outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer to ${method} ${path} within 30 s`)));
      outgoing.on('error', reject);
      outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    });
}

/** @param {string} method */
function contentType(method) {
  return method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
}

/** @param {string} text */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text; // /readyz and its like answer plain text
  }
}
