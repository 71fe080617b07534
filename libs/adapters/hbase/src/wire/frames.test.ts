import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { delimitedMessages, FrameSplitter, frameOf } from './frames.ts';

const message = fc.uint8Array({ maxLength: 400 }).map((array) => Buffer.from(array));

describe('frames', () => {
  it('come out as they went in, however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(message, { maxLength: 3 }), { maxLength: 6 }),
        fc.infiniteStream(fc.nat(200)),
        (frames, cuts) => {
          const stream = Buffer.concat(frames.map(frameOf));
          const splitter = new FrameSplitter();
          const seen: Buffer[][] = [];
          for (let at = 0; at < stream.length; ) {
            const size = 1 + (cuts.next().value ?? 0);
            seen.push(...splitter.add(stream.subarray(at, at + size)).map(delimitedMessages));
            at += size;
          }
          expect(seen).toEqual(frames);
        },
      ),
    );
  });

  it('refuse lengths that make no sense', () => {
    expect(() => new FrameSplitter().add(Buffer.alloc(8, 0xee))).toThrow(RangeError);
    expect(() => delimitedMessages(Buffer.from([5, 1, 2]))).toThrow(RangeError);
    expect(() => delimitedMessages(Buffer.alloc(9, 0xff))).toThrow(RangeError);
  });
});
