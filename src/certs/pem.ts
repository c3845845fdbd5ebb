import { X509Certificate } from 'node:crypto';

/** One block of a PEM text. */
export interface PemBlock {
  /** `CERTIFICATE`, `EC PRIVATE KEY`, … */
  label: string;
  /** The block with its first and last line; a block that is cut off has no last line. */
  text: string;
}

const BEGIN = '-----BEGIN ';
const DASHES = '-----';

/** Every block of a PEM text; what stands between blocks is a remark to readers of PEM, and skipped. */
export function pemBlocks(text: string): PemBlock[] {
  const blocks: PemBlock[] = [];
  for (let begin = text.indexOf(BEGIN); begin !== -1; begin = text.indexOf(BEGIN, begin + 1)) {
    const next = text.indexOf(BEGIN, begin + 1);
    const own = text.slice(begin, next === -1 ? undefined : next);
    const label = own.slice(BEGIN.length, own.indexOf(DASHES, BEGIN.length));
    const last = `${DASHES}END ${label}${DASHES}`;
    const end = own.indexOf(last);
    blocks.push({ label, text: end === -1 ? own : own.slice(0, end + last.length) });
  }
  return blocks;
}

/** The certificates of a PEM text in their order; a block that cannot be read is `undefined`. */
export function readCertificates(pem: string): (X509Certificate | undefined)[] {
  return pemBlocks(pem)
    .filter(({ label }) => label === 'CERTIFICATE')
    .map(({ text }) => parsed(text));
}

function parsed(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}
