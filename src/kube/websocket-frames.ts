import { randomBytes } from 'node:crypto';

/** RFC 6455, the part of it that a client of Kubernetes' streams needs. */
export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface Frame {
  opcode: number;
  /** The last of its message. */
  final: boolean;
  payload: Buffer;
}

/** A frame as a client sends it: whole, and masked. */
export function encodeFrame(opcode: number, payload: Buffer): Buffer {
  const mask = randomBytes(4);
  const masked = Buffer.from(payload.map((byte, index) => byte ^ mask[index % 4]!));
  return Buffer.concat([Buffer.from([0x80 | opcode]), encodedLength(payload.length), mask, masked]);
}

/** The length with the bit that says a mask follows. */
function encodedLength(length: number): Buffer {
  if (length < 126) return Buffer.from([0x80 | length]);
  if (length < 65_536) return Buffer.from([0x80 | 126, length >> 8, length & 0xff]);
  const bytes = Buffer.alloc(9);
  bytes[0] = 0x80 | 127;
  bytes.writeBigUInt64BE(BigInt(length), 1);
  return bytes;
}

/**
 * The frames at the beginning of what has come from a server, which sends them without a mask, and what is left of the bytes.
 *
 * @throws Error for a frame that is larger than `limit`
 */
export function decodeFrames(bytes: Buffer, limit: number): { frames: Frame[]; rest: Buffer } {
  const frames: Frame[] = [];
  let rest = bytes;
  for (;;) {
    const head = headOf(rest);
    if (head !== undefined && head.length > limit) throw new Error(`a frame of ${head.length} bytes`);
    if (head === undefined || rest.length < head.start + head.length) return { frames, rest };
    const end = head.start + head.length;
    frames.push({
      opcode: rest[0]! & 0x0f,
      final: (rest[0]! & 0x80) !== 0,
      payload: rest.subarray(head.start, end),
    });
    rest = rest.subarray(end);
  }
}

/** Where the payload begins and how long it is; undefined where the head is not there as a whole. */
function headOf(bytes: Buffer): { start: number; length: number } | undefined {
  if (bytes.length < 2) return undefined;
  const short = bytes[1]! & 0x7f;
  if (short < 126) return { start: 2, length: short };
  if (short === 126) return bytes.length < 4 ? undefined : { start: 4, length: bytes.readUInt16BE(2) };
  return bytes.length < 10 ? undefined : { start: 10, length: Number(bytes.readBigUInt64BE(2)) };
}
