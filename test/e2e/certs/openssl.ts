import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** PEM texts, as somebody makes them who knows nothing of this program. */
export interface KeyPair {
  certificate: string;
  privateKey: string;
  ca: string;
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** A certificate that signed itself, as cert-manager's selfSigned issuer makes it: it is its own CA. */
export function selfSigned(names: readonly string[]): Promise<KeyPair> {
  return inFolder(async (run, read) => {
    const extensions = [`subjectAltName=critical,${altNames(names)}`, 'basicConstraints=critical,CA:FALSE', USAGE];
    await run('req', '-x509', ...NEW_KEY, '-subj', '/', '-days', '90', ...added(extensions), ...KEY_AND_CERTIFICATE);
    const certificate = await read('tls.crt');
    return { certificate, privateKey: await read('tls.key'), ca: certificate };
  });
}

/** A CA, and a certificate for a server that it signed. */
export function signedByCa(names: readonly string[]): Promise<KeyPair> {
  return inFolder(async (run, read, write) => {
    const authority = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign,cRLSign'];
    const caFiles = ['-keyout', 'ca.key', '-out', 'ca.crt'];
    await run('req', '-x509', ...NEW_KEY, '-subj', '/CN=test CA', '-days', '90', ...added(authority), ...caFiles);
    await run('req', ...NEW_KEY, '-subj', `/CN=${names[0]!.slice(0, 64)}`, '-keyout', 'tls.key', '-out', 'tls.csr');
    await write('extensions', `subjectAltName=${altNames(names)}\n${USAGE}\nextendedKeyUsage=serverAuth\n`);
    const signer = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'extensions'];
    await run('x509', '-req', '-in', 'tls.csr', ...signer, '-days', '90', '-out', 'tls.crt');
    return { certificate: await read('tls.crt'), privateKey: await read('tls.key'), ca: await read('ca.crt') };
  });
}

const USAGE = 'keyUsage=critical,digitalSignature';
const KEY_AND_CERTIFICATE = ['-keyout', 'tls.key', '-out', 'tls.crt'];
const altNames = (names: readonly string[]): string => names.map((name) => `DNS:${name}`).join(',');
const added = (extensions: readonly string[]): string[] => extensions.flatMap((line) => ['-addext', line]);

async function inFolder<T>(
  work: (
    run: (...args: string[]) => Promise<unknown>,
    read: (name: string) => Promise<string>,
    write: (name: string, text: string) => Promise<void>,
  ) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'kthena-openssl-'));
  try {
    return await work(
      (...args) => promisify(execFile)('openssl', args, { cwd: folder }),
      (name) => readFile(join(folder, name), 'utf8'),
      (name, text) => writeFile(join(folder, name), text),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}
