import { X509Certificate } from 'node:crypto';
import { FORMATS } from './formats.js';

const BEGIN = '-----BEGIN ';
const CERTIFICATE = /^-----BEGIN CERTIFICATE-----\r?\n/;

/**
 * What is wrong with a CA bundle: base64 of one or more certificates in PEM, the form of a webhook's `clientConfig.caBundle`.
 * Line breaks inside the base64 are accepted, as Kubernetes accepts them.
 *
 * @returns the end of a sentence that starts with "the CA bundle", or `undefined` where every certificate can be read
 */
export function caBundleProblem(base64: string): string | undefined {
  if (base64.trim() === '') return 'is empty';
  if (base64.includes(BEGIN)) return 'is PEM; it must be the base64 of the PEM text';
  if (FORMATS['base64']?.validate(base64) !== true) return 'is not valid base64';
  const blocks = pemBlocks(Buffer.from(base64, 'base64').toString('latin1'));
  if (blocks === undefined) return 'is cut off: a PEM block has no end';
  if (blocks.length === 0) return 'is base64, but holds no PEM certificate';
  for (const [index, block] of blocks.entries()) {
    const which = blocks.length === 1 ? 'its PEM block' : `PEM block ${index + 1} of ${blocks.length}`;
    if (!CERTIFICATE.test(block)) return `may hold certificates only, which ${which} is not`;
    if (!parses(block)) return `cannot be used: ${which} is not a valid X.509 certificate`;
  }
  return undefined;
}

/** The blocks from BEGIN to END, headers included; `undefined` where one has no end. */
function pemBlocks(text: string): string[] | undefined {
  const blocks: string[] = [];
  for (let begin = text.indexOf(BEGIN); begin !== -1; begin = text.indexOf(BEGIN, begin + 1)) {
    const end = text.indexOf('-----END ', begin);
    const close = end === -1 ? -1 : text.indexOf('-----', end + 9);
    if (close === -1) return undefined;
    blocks.push(text.slice(begin, close + 5));
    begin = close;
  }
  return blocks;
}

function parses(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined;
  } catch {
    return false;
  }
}
