import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProtoReader } from './proto-reader.ts';
import { ProtoWriter, varintLength } from './proto-writer.ts';

type Field = { uint: number } | { bytes: Buffer } | { inner: Field[] };

const field = fc.letrec<{ field: Field }>((tie) => ({
  field: fc.oneof(
    { maxDepth: 3 },
    fc.record({ uint: fc.maxSafeNat() }),
    fc.record({ bytes: fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array)) }),
    fc.record({ inner: fc.array(tie('field'), { maxLength: 5 }) }),
  ),
})).field;

function write(out: ProtoWriter, fields: readonly Field[]): void {
  for (const [i, one] of fields.entries()) {
    if ('uint' in one) out.uint(i + 1, one.uint);
    else if ('bytes' in one) out.bytes(i + 1, one.bytes);
    else out.message(i + 1, () => write(out, one.inner));
  }
}

function read(reader: ProtoReader, like: readonly Field[]): Field[] {
  const fields: Field[] = [];
  for (const one of like) {
    expect(reader.next()).toBe(true);
    expect(reader.field).toBe(fields.length + 1);
    if ('uint' in one) fields.push({ uint: reader.uint() });
    else if ('bytes' in one) fields.push({ bytes: Buffer.from(reader.bytes()) });
    else fields.push({ inner: read(reader.message(), one.inner) });
  }
  expect(reader.next()).toBe(false);
  return fields;
}

describe('protobuf', () => {
  it('what is written is read again, numbers up to 2^53 and messages in messages', () => {
    fc.assert(
      fc.property(fc.array(field, { maxLength: 8 }), (fields) => {
        const out = new ProtoWriter(1);
        write(out, fields);
        expect(read(new ProtoReader(out.finish()), fields)).toEqual(fields);
      }),
    );
  });

  it('writes the bytes of the specification', () => {
    const out = new ProtoWriter().uint(1, 150).string(2, 'testing');
    out.message(3, () => out.uint(1, 150)).bool(4, true);
    expect(out.uint(5, undefined).finish().toString('hex')).toBe('089601120774657374696e671a030896012001');
  });

  it('skips what nobody takes, of every wire type', () => {
    const known = new ProtoWriter().uint(7, 5).finish();
    const unknown = Buffer.from([0x08, 0x01, 0x11, 1, 2, 3, 4, 5, 6, 7, 8, 0x1a, 2, 9, 9, 0x25, 1, 2, 3, 4]);
    const reader = new ProtoReader(Buffer.concat([unknown, known]));
    let found = 0;
    while (reader.next()) if (reader.field === 7) found = reader.uint();
    expect(found).toBe(5);
  });

  it('refuses messages that are cut, wherever', () => {
    const whole = new ProtoWriter().uint(1, 300).string(2, 'text').finish();
    const readAll = (data: Buffer) => {
      const reader = new ProtoReader(data);
      while (reader.next());
    };
    readAll(whole);
    for (const cut of [1, 2, 4, whole.length - 1]) expect(() => readAll(whole.subarray(0, cut))).toThrow(RangeError);
    expect(() => new ProtoReader(Buffer.alloc(20, 0xff)).next()).toThrow(RangeError);
  });

  it('knows how long a number is', () => {
    for (const [value, length] of [
      [0, 1],
      [127, 1],
      [128, 2],
      [2 ** 32, 5],
      [Number.MAX_SAFE_INTEGER, 8],
    ] as const) {
      expect(varintLength(value)).toBe(length);
    }
  });
});
