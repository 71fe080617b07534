import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeRequest, FrameReader, type RemotingFrame } from './frame.ts';

const request = fc.record({
  code: fc.nat({ max: 400 }),
  opaque: fc.nat(),
  fields: fc.dictionary(fc.string({ minLength: 1, maxLength: 8 }), fc.string({ maxLength: 20 }), {
    noNullPrototype: true,
  }),
  body: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
});

test('frames are read as they were written, however the connection cuts them', () => {
  fc.assert(
    fc.property(fc.array(request, { maxLength: 5 }), fc.integer({ min: 1, max: 50 }), (requests, pieceLength) => {
      const stream = Buffer.concat(requests.map(encodeRequest));
      const reader = new FrameReader();
      const frames: RemotingFrame[] = [];
      for (let at = 0; at < stream.length; at += pieceLength)
        frames.push(...reader.read(stream.subarray(at, at + pieceLength)));
      expect(frames).toEqual(requests.map((sent) => ({ ...sent, remark: '', isAnswer: false })));
    }),
  );
});

test('C16: what claims to be larger than any answer is not waited for', () => {
  const claim = Buffer.alloc(4);
  claim.writeUInt32BE(0x4854_5450);
  expect(() => new FrameReader().read(claim)).toThrow(/the server is not RocketMQ/);
});
