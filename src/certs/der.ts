interface Element {
  tag: number;
  content: Buffer;
  /** What follows the element. */
  rest: Buffer;
}

/** Where the signature algorithm stands in a certificate that has a version (context tag 0), and where it stands without. */
const VERSION_TAG = 0xa0;

/**
 * The object identifier of the algorithm that a certificate is signed with, in dots: `1.2.840.10045.4.3.2`. Node.js 20
 * does not tell. A certificate begins SEQUENCE { SEQUENCE { [0] version?, serial, SEQUENCE { algorithm … } … } … }.
 *
 * @param certificate in DER, already parsed by somebody: its form is not checked
 */
export function signatureAlgorithm(certificate: Buffer): string {
  const body = element(element(certificate).content).content;
  const first = element(body);
  const serial = first.tag === VERSION_TAG ? element(first.rest) : first;
  return objectIdentifier(element(element(serial.rest).content).content);
}

function element(der: Buffer): Element {
  const tag = der[0] ?? 0;
  const short = der[1] ?? 0;
  const lengthBytes = short < 0x80 ? 0 : short & 0x7f;
  const length = lengthBytes === 0 ? short : der.readUIntBE(2, lengthBytes);
  const start = 2 + lengthBytes;
  return { tag, content: der.subarray(start, start + length), rest: der.subarray(start + length) };
}

/** Base 128, the highest bit set where more follows; the first number holds two. */
function objectIdentifier(content: Buffer): string {
  const numbers: number[] = [];
  let number = 0;
  for (const byte of content) {
    number = number * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      numbers.push(number);
      number = 0;
    }
  }
  const [head = 0, ...tail] = numbers;
  const first = Math.min(Math.floor(head / 40), 2);
  return [first, head - first * 40, ...tail].join('.');
}
