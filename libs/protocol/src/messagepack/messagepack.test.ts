import { ImError, MAX_JSON_DEPTH } from '@chasqui/domain';
import fc from 'fast-check';
import { Packr } from 'msgpackr';
import { describe, expect, test } from 'vitest';
import { decodeMessagePack } from './decode.ts';
import { encodeMessagePack } from './encode.ts';

/** An independent MessagePack library, with all of its extensions. */
const others = new Packr({ useRecords: false, moreTypes: true, structuredClone: true });
const plain = new Packr({ useRecords: false, int64AsType: 'number' });

const bytes = (...values: number[]) => Uint8Array.from(values);
const text = (value: string) => [0xa0 | value.length, ...new TextEncoder().encode(value)];
/** `{"type": "chat", "clientMessageId": "c1", "content": {"data": {"x": …}}}` with these bytes as x. */
const chat = (...x: number[]) =>
  bytes(
    ...[0x83, ...text('type'), ...text('chat'), ...text('clientMessageId'), ...text('c1'), ...text('content')],
    ...[0x81, ...text('data'), 0x81, ...text('x'), ...x],
  );

function refusal(data: Uint8Array): unknown {
  try {
    decodeMessagePack(data);
    return 'taken';
  } catch (error) {
    expect(error).toBeInstanceOf(ImError);
    const { code, details } = error as ImError;
    return [code, details.field, details.ref];
  }
}

describe('C15: MessagePack says what JSON can say', () => {
  const json = fc.jsonValue({ maxDepth: 6, stringUnit: 'grapheme' });

  test('both ways with another library, and with our own', () => {
    fc.assert(
      fc.property(json, (value) => {
        const same = JSON.parse(JSON.stringify(value));
        expect(plain.unpack(encodeMessagePack(same))).toEqual(withoutProto(same));
        expect(decodeMessagePack(plain.pack(same))).toEqual(same);
        expect(decodeMessagePack(encodeMessagePack(same))).toEqual(same);
      }),
      { numRuns: 1_000 },
    );
  });

  test.each([
    ...[0, 127, 128, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1, 2 ** 53, 1e300, 0.1, -0],
    ...[-1, -32, -33, -128, -129, -32_768, -32_769, -(2 ** 31), -(2 ** 31) - 1, 1 - 2 ** 53, -(2 ** 53), 5e-324],
    ...[
      '',
      'x'.repeat(31),
      'x'.repeat(32),
      'é'.repeat(24),
      'é'.repeat(200),
      '文'.repeat(70_000),
      '\ufeffBOM',
      '\u0000',
    ],
    ...[[], new Array(15).fill(1), new Array(16).fill(1), new Array(70_000).fill(null)],
    ...[{}, Object.fromEntries(Array.from({ length: 16 }, (_, n) => [`k${n}`, n])), null, true, false],
  ])('%# comes back as it was', (value) => {
    expect(decodeMessagePack(encodeMessagePack(value))).toEqual(value);
    expect(plain.unpack(encodeMessagePack(value))).toEqual(value);
  });

  test('C15: a safe integer goes out as an integer, whatever its size; -0 and what is beyond as a double', () => {
    const head = (value: number) => encodeMessagePack(value)[0];
    const bigInts = new Packr({ useRecords: false, int64AsType: 'bigint' });
    for (const value of [2 ** 32, 1_763_800_000_000, 2 ** 53 - 1]) {
      expect(head(value)).toBe(0xcf);
      expect(bigInts.unpack(encodeMessagePack(value))).toBe(BigInt(value));
    }
    for (const value of [-(2 ** 31) - 1, -(2 ** 32), -(2 ** 32) - 1, 1 - 2 ** 53]) {
      expect(head(value)).toBe(0xd3);
      expect(bigInts.unpack(encodeMessagePack(value))).toBe(BigInt(value));
    }
    for (const value of [-0, 2 ** 53, -(2 ** 53), 1e300, 0.5]) expect(head(value)).toBe(0xcb);
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        const packed = encodeMessagePack(value);
        expect(packed[0]).not.toBe(0xcb);
        expect(decodeMessagePack(packed)).toBe(value);
        expect(Number(bigInts.unpack(packed))).toBe(value);
      }),
    );
  });

  test('no key means anything, to the reader or the writer', () => {
    const value = JSON.parse('{"__proto__":{"a":1},"constructor":1,"toJSON":1,"hasOwnProperty":1,"length":3}');
    const back = decodeMessagePack(encodeMessagePack(value));
    expect(JSON.stringify(back)).toBe(JSON.stringify(value));
    expect(Object.getPrototypeOf(back)).toBe(Object.prototype);
  });

  test('undefined is left out of objects and null in arrays, as in JSON', () => {
    expect(decodeMessagePack(encodeMessagePack({ a: undefined, b: [undefined] }))).toEqual({ b: [null] });
  });

  test('a position as a 64-bit integer is a number', () => {
    expect(decodeMessagePack(bytes(0xcf, 0, 0, 0, 0, 0, 0, 0, 0))).toBe(0);
    expect(decodeMessagePack(bytes(0xcf, 0, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff))).toBe(2 ** 53 - 1);
    expect(decodeMessagePack(bytes(0xd3, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe))).toBe(-2);
  });

  test.each([
    ['uint64 2^53', [0xcf, 0, 0x20, 0, 0, 0, 0, 0, 0]],
    ['uint64 max', [0xcf, ...new Array(8).fill(0xff)]],
    ['int64 min', [0xd3, 0x80, 0, 0, 0, 0, 0, 0, 0]],
    ['NaN', [0xcb, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0]],
    ['infinity', [0xcb, 0x7f, 0xf0, 0, 0, 0, 0, 0, 0]],
    ['float32 NaN', [0xca, 0x7f, 0xc0, 0, 0]],
    ['binary', [0xc4, 1, 0]],
    ['a timestamp', [0xd6, 0xff, 0, 0, 0, 0]],
    ['an extension', [0xc7, 1, 0x70, 0]],
    ['a shared node', [0xd6, 0x69, 0, 0, 0, 1]],
    ['a Date of msgpackr', [...others.pack(new Date(0))]],
    ['a Set of msgpackr', [...others.pack(new Set([1]))]],
    ['an Error of msgpackr', [...others.pack(new Error('x'))]],
    ['broken UTF-8', [0xa1, 0xff]],
    ['half a surrogate pair', [0xa3, 0xed, 0xa0, 0xbd]],
    ['half of one in a long text', [0xd9, 40, ...new Array(37).fill(0x61), 0xed, 0xa0, 0xbd]],
  ])('%s is refused with its field and what it answers', (_, x) => {
    expect(refusal(chat(...x))).toEqual(['invalid_frame', 'content.data.x', 'c1']);
  });

  test.each([
    ['a number as a key', [0x81, 1, 1], 'content.data.x'],
    ['an object as a key', [0x81, 0x80, 1], 'content.data.x'],
    ['nil as a key', [0x82, ...text('a'), 1, 0xc0, 1], 'content.data.x'],
    ['in an array', [0x93, 1, 2, 0xc4, 0], 'content.data.x.2'],
    ['a key in broken UTF-8', [0x81, 0xa1, 0xff, 1], 'content.data.x'],
    ['arrays in arrays', new Array(MAX_JSON_DEPTH).fill(0x91), 'content.data'],
  ])('%s is refused with its field', (_, x, field) => {
    expect(refusal(chat(...(x as number[])))).toEqual(['invalid_frame', field, 'c1']);
  });

  test('the bound of nesting is the same as for JSON', () => {
    const nest = (depth: number) => bytes(...new Array(depth - 1).fill(0x91), 0x90);
    expect(refusal(nest(MAX_JSON_DEPTH))).toBe('taken');
    expect(refusal(nest(MAX_JSON_DEPTH + 1))).toEqual(['invalid_frame', '0.0', undefined]);
    expect(refusal(nest(65_000))).toEqual(['invalid_frame', '0.0', undefined]);
  });

  test.each([
    ['nothing', []],
    ['an unused byte', [0xc1]],
    ['one value behind another', [0x01, 0x02]],
    ['a text that ends too early', [0xa5, 0x61]],
    ['an array that claims four thousand million items', [0xdd, 0xff, 0xff, 0xff, 0xff, 0x01]],
    ['a map that claims as many', [0xdf, 0xff, 0xff, 0xff, 0xff, 0x01]],
    ['a text that claims as many', [0xdb, 0xff, 0xff, 0xff, 0xff, 0x01]],
    ['half a number', [0xcf, 0]],
  ])('%s is no MessagePack', (_, data) => {
    expect((refusal(bytes(...(data as number[]))) as string[])[0]).toBe('invalid_json');
  });

  test('what an earlier release stored deeper than today is still written', () => {
    let deep: unknown = 1;
    for (let n = 0; n < 20_000; n++) deep = n % 2 ? { a: deep } : [deep];
    expect(encodeMessagePack(deep).length).toBeGreaterThan(20_000);
  });
});

describe('C16: a hostile frame costs what its bytes cost', () => {
  test('each byte is read once, whatever the bytes claim', () => {
    const claim = (count: number) => [0xdd, 0, 0, count >> 8, count & 0xff];
    const hostile = [
      ...Array.from({ length: 2_000 }, () => claim(1_000)).flat(),
      ...Array.from({ length: 2_000 }, () => [0xd6, 0x69, 0, 0, 0, 1]).flat(),
    ];
    let reads = 0;
    const data = bytes(...hostile);
    const view = DataView.prototype;
    const { getUint8, getUint32 } = view;
    const counting = <F extends (this: DataView, at: number) => number>(of: F) =>
      function (this: DataView, at: number): number {
        reads++;
        return of.call(this, at);
      };
    view.getUint8 = counting(getUint8);
    view.getUint32 = counting(getUint32) as typeof getUint32;
    try {
      expect((refusal(data) as string[])[0]).toBe('invalid_frame');
    } finally {
      Object.assign(view, { getUint8, getUint32 });
    }
    expect(reads).toBeLessThan(300);
  });

  test('any bytes at all end in a value or a documented error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (data) => {
        expect(['taken', 'invalid_json', 'invalid_frame']).toContain([refusal(data)].flat()[0]);
      }),
      { numRuns: 3_000 },
    );
  });
});

/** Renames the key `__proto__` in the way that the other library does. */
function withoutProto(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutProto);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key === '__proto__' ? '__proto_' : key, withoutProto(member)]),
  );
}
