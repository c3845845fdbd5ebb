import { createPrivateKey, type KeyObject, type X509Certificate } from 'node:crypto';
import { pemBlocks, readCertificates } from './pem.js';

/** What a serving certificate consists of. */
export const PARTS = ['certificate', 'privateKey', 'ca'] as const;

export type Part = (typeof PARTS)[number];

/**
 * What a problem is: `missing` a part is empty, `unreadable` it is not what it should be, `encrypted` the key has a
 * passphrase, `key-mismatch` the key is another's, `names` a name is not covered, `chain` no way leads to the CA, `usage`
 * it is made for something else, and the dates.
 */
export type ProblemKind =
  | 'missing'
  | 'unreadable'
  | 'encrypted'
  | 'key-mismatch'
  | 'names'
  | 'chain'
  | 'usage'
  | 'expired'
  | 'expiring'
  | 'not-yet-valid';

export interface Problem {
  kind: ProblemKind;
  /** The part to look at. */
  part: Part;
  message: string;
}

const PART_NAMES: Record<Part, string> = {
  certificate: 'certificate',
  privateKey: 'private key',
  ca: 'CA certificate',
};

/** The certificates of a part, and what is in it besides. */
export function readPart(
  part: 'certificate' | 'ca',
  pem: string,
): { certificates: X509Certificate[]; problems: Problem[] } {
  const read = readCertificates(pem);
  const certificates = read.filter((certificate) => certificate !== undefined);
  if (read.length === 0) return { certificates, problems: [noCertificate(part, pem)] };
  const problems = read.flatMap((found, index): Problem[] => {
    const which = read.length === 1 ? 'the PEM block' : `PEM block ${index + 1} of ${read.length}`;
    const message = `${which} is not a valid X.509 certificate, or is cut off`;
    return found === undefined ? [{ kind: 'unreadable', part, message }] : [];
  });
  return { certificates, problems };
}

function noCertificate(part: Part, pem: string): Problem {
  if (pem.trim() === '') return { kind: 'missing', part, message: `there is no ${PART_NAMES[part]}` };
  const found = pemBlocks(pem)[0]?.label;
  const what = found === undefined ? 'it is not PEM' : `it is PEM of the kind ${found}`;
  return { kind: 'unreadable', part, message: `there is no certificate in it: ${what}` };
}

/** The private key as Go's TLS finds it: the first block that is one. */
export function readKey(pem: string): { key?: KeyObject; problem?: Problem } {
  const part = 'privateKey';
  if (pem.trim() === '') return { problem: { kind: 'missing', part, message: 'there is no private key' } };
  const blocks = pemBlocks(pem);
  const block = blocks.find(({ label }) => label.endsWith('PRIVATE KEY'));
  if (block === undefined) {
    const what = blocks[0] === undefined ? 'it is not PEM' : `it is PEM of the kind ${blocks[0].label}`;
    return { problem: { kind: 'unreadable', part, message: `there is no private key in it: ${what}` } };
  }
  if (block.label === 'ENCRYPTED PRIVATE KEY' || block.text.includes('Proc-Type: 4,ENCRYPTED')) {
    return {
      problem: { kind: 'encrypted', part, message: 'the private key is encrypted, and no server could read it' },
    };
  }
  try {
    return { key: createPrivateKey(block.text) };
  } catch {
    // The reason that OpenSSL gives says less, and might quote what it read.
    return { problem: { kind: 'unreadable', part, message: `the ${block.label} in it cannot be read` } };
  }
}
