import fc from 'fast-check';
import Type from 'typebox';
import { describe, expect, test } from 'vitest';
import { CLIENT_FRAMES } from './client-frames.ts';
import { schemaCheck } from './schema-check.ts';
import { check } from './testing/check.ts';
import { parseClientFrame } from './validate.ts';

const ID = '0'.repeat(24);

/** A value that counts how often it is accessed. */
function counted<T extends object>(target: T): { value: T; looks: () => number } {
  let looks = 0;
  const value = new Proxy(target, {
    get(of, key, receiver) {
      looks++;
      return Reflect.get(of, key, receiver);
    },
    has(of, key) {
      looks++;
      return Reflect.has(of, key);
    },
    getOwnPropertyDescriptor(of, key) {
      looks++;
      return Reflect.getOwnPropertyDescriptor(of, key);
    },
  });
  return { value, looks: () => looks };
}

function fieldOf(frame: unknown): unknown {
  try {
    parseClientFrame(frame);
    return 'none';
  } catch (error) {
    return (error as { details: { field?: string } }).details.field;
  }
}

describe('C15, C16: a refusal costs no more than its first fault', () => {
  test('32,000 faults: only the first is looked at', () => {
    const { value, looks } = counted(new Array<unknown>(32_000).fill(0));
    expect(fieldOf({ type: 'presence_subscribe', users: value })).toBe('users');
    expect(looks()).toBeLessThan(50);
    const within = counted(new Array<unknown>(200).fill(0));
    expect(fieldOf({ type: 'presence_subscribe', users: within.value })).toBe('users.0');
    expect(within.looks()).toBeLessThan(50);
  });

  test('an array that is too long is not walked, however sound its items are', () => {
    const { value, looks } = counted(new Array<unknown>(2_600).fill(ID));
    expect(fieldOf({ type: 'ack', state: 'read', conversationId: 'a~b', messageIds: value })).toBe('messageIds');
    expect(looks()).toBeLessThan(50);
  });

  test('6,500 unknown fields: only the first is looked at', () => {
    const many = Object.fromEntries(Array.from({ length: 6_500 }, (_, n) => [`unknown${n}`, n]));
    for (const [frame, field] of [
      [{ type: 'ping', ...many }, 'unknown0'],
      [{ type: 'chat', clientMessageId: 'c', to: 'bob', content: { text: 'x', ...many } }, 'content.unknown0'],
    ] as const) {
      expect(fieldOf(frame)).toBe(field);
    }
    const { value, looks } = counted(many);
    // A Proxy is asked for each of its own fields: twice by the check, and once more by the search.
    expect(schemaCheck(Type.Object({}, { additionalProperties: false }))(value)?.field).toBe('unknown0');
    expect(looks()).toBeLessThan(4 * 6_500);
  });
});

test('C15: the search finds a fault in everything that a schema refuses, and names it', () => {
  const value = fc.oneof(
    fc.constantFrom('read', 'bob', 'a~b', ID, '', 1, 0, -1, 1.5, 1e300),
    fc.jsonValue({ maxDepth: 2 }),
  );
  const some = fc.oneof(value, fc.array(value, { maxLength: 3 }));
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.entries(CLIENT_FRAMES)),
      fc.dictionary(fc.nat(9).map(String), some),
      ([, schema], given) => {
        const names = Object.keys(schema.properties);
        const frame = Object.fromEntries(
          Object.entries(given).map(([n, v]) => [names[Number(n) % names.length] ?? n, v]),
        );
        expect(check(schema, frame)).not.toContain('does not match its schema');
      },
    ),
    { numRuns: 2_000 },
  );
});

test.each([
  [Type.Object({ a: Type.String() }), {}, 'a is missing'],
  [
    Type.Object({ a: Type.Optional(Type.String()) }, { additionalProperties: false }),
    { b: 1 },
    'b is not a known field',
  ],
  [Type.Object({}, { additionalProperties: false }), JSON.parse('{"__proto__":1}'), '__proto__ is not a known field'],
  [Type.Object({}, { minProperties: 1 }), {}, ' must have at least 1 of its fields'],
  [Type.Object({ a: Type.Array(Type.Integer(), { minItems: 1 }) }), { a: [] }, 'a must have at least 1 items'],
  [Type.Array(Type.String(), { maxItems: 2 }), ['a', 'b', 'c'], ' must have at most 2 items'],
  [Type.Array(Type.String(), { uniqueItems: true }), ['a', 'a'], ' must not have duplicate items'],
  [Type.Array(Type.Object({ n: Type.Integer({ minimum: 1 }) })), [{ n: 1 }, { n: 0 }], '1.n must be at least 1'],
  [Type.Integer({ maximum: 5 }), 6, ' must be at most 5'],
  [Type.Integer(), 1.5, ' must be integer'],
  [Type.String({ maxLength: 2 }), '😀😀😀', ' must have at most 2 characters'],
  [Type.String({ maxLength: 2 }), '😀😀', ''],
  [Type.String({ minLength: 2 }), '😀', ' must have at least 2 characters'],
  [Type.String({ pattern: '^a$' }), 'b', ' must match ^a$'],
  [Type.String({ pattern: '^a$', 'x-rule': 'be an a' }), 'b', ' must be an a'],
  [Type.String({ enum: ['a', 'b'] }), 'c', ' must be one of a, b'],
  [Type.Union([Type.Literal('a'), Type.Literal('b')]), 'c', ' must be one of "a", "b"'],
  [Type.Union([Type.Literal('a'), Type.Array(Type.Null(), { minItems: 1 })]), [], ' must have at least 1 items'],
  [Type.Union([Type.Literal('a'), Type.Array(Type.Null())]), 'b', ' must be one of "a", array'],
  [Type.Union([Type.Null(), Type.Object({ a: Type.Null() })]), { a: 1 }, 'a must be null'],
  [Type.Union([Type.Null(), Type.Object({ a: Type.Null() })]), null, ''],
])('C15: what is said of it: %#', (schema, value, expected) => {
  expect(check(schema, value)).toBe(expected);
});
