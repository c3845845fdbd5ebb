import { describe, expect, it } from 'vitest';
import { decodeFrames, encodeFrame, OPCODE } from '../../../src/kube/websocket-frames.js';

const LIMIT = 1_000_000;

/** A frame as a server sends it: without a mask. */
function served(opcode: number, payload: Buffer, final = true): Buffer {
  const head = payload.length < 126 ? [payload.length] : [126, payload.length >> 8, payload.length & 0xff];
  return Buffer.concat([Buffer.from([(final ? 0x80 : 0) | opcode, ...head]), payload]);
}

/** What a server makes of a frame of ours. */
function unmasked(frame: Buffer): { opcode: number; payload: Buffer } {
  const short = frame[1]! & 0x7f;
  expect(frame[1]! & 0x80).toBe(0x80);
  const start = short < 126 ? 2 : short === 126 ? 4 : 10;
  const length = short < 126 ? short : short === 126 ? frame.readUInt16BE(2) : Number(frame.readBigUInt64BE(2));
  const mask = frame.subarray(start, start + 4);
  const payload = Buffer.from(frame.subarray(start + 4).map((byte, index) => byte ^ mask[index % 4]!));
  expect(payload.length).toBe(length);
  return { opcode: frame[0]! & 0x0f, payload };
}

describe('frames of a WebSocket', () => {
  it.each([0, 1, 125, 126, 65_535, 65_536, 70_000])('are sent masked and whole, here of %d bytes', (length) => {
    const payload = Buffer.alloc(length, 'kthena');
    expect(unmasked(encodeFrame(OPCODE.binary, payload))).toEqual({ opcode: OPCODE.binary, payload });
  });

  it('are read however they come', () => {
    const bytes = Buffer.concat([
      served(OPCODE.binary, Buffer.from('first')),
      served(OPCODE.ping, Buffer.alloc(0)),
      served(OPCODE.binary, Buffer.alloc(300, 'x'), false),
    ]);
    for (let cut = 0; cut <= bytes.length; cut++) {
      const before = decodeFrames(bytes.subarray(0, cut), LIMIT);
      const after = decodeFrames(Buffer.concat([before.rest, bytes.subarray(cut)]), LIMIT);
      expect(
        [...before.frames, ...after.frames].map(({ opcode, final, payload }) => [opcode, final, payload.length]),
      ).toEqual([
        [OPCODE.binary, true, 5],
        [OPCODE.ping, true, 0],
        [OPCODE.binary, false, 300],
      ]);
      expect(after.rest).toHaveLength(0);
    }
  });

  it('are refused where they are larger than anything to expect', () => {
    const huge = Buffer.from([0x82, 127, 0, 0, 1, 0, 0, 0, 0, 0]);
    expect(() => decodeFrames(huge, LIMIT)).toThrow('a frame of 1099511627776 bytes');
  });
});
