import { MAX_JSON_DEPTH } from '@chasqui/domain';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readJson } from './codec.ts';
import { jsonFault } from './json-text.ts';

const chat = (data: string, text = '"x"') => `{"type":"chat","content":{"text":${text},"data":${data}}}`;
const arrays = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
const objects = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

describe('C15: what JSON text may say', () => {
  test.each([
    ['arrays', arrays(MAX_JSON_DEPTH - 2), null],
    ['arrays, one more', arrays(MAX_JSON_DEPTH - 1), 'content.data'],
    ['objects', objects(MAX_JSON_DEPTH - 2), null],
    ['objects, one more', objects(MAX_JSON_DEPTH - 1), 'content.data'],
    ['4,440 arrays', `{"a":${arrays(4_440)}}`, 'content.data'],
    ['3,494 objects', objects(3_494), 'content.data'],
    ['32,000 arrays', arrays(32_000), 'content.data'],
    ['many beside one another', `[${new Array(5_000).fill('[]').join()}]`, null],
    ['brackets in a text', `{"a":"${'['.repeat(9_000)}\\"${'{'.repeat(9_000)}"}`, null],
  ])('nesting: %s', (_, data, field) => {
    expect(jsonFault(chat(data))?.field ?? null).toBe(field);
  });

  test.each([
    ...[
      '0',
      '-0',
      '1.5',
      '0.1',
      '1e5',
      '1E+2',
      '9007199254740992',
      '-9007199254740991',
      '1e300',
      '1.7976931348623157e308',
    ],
    ...['5e-324', '0e999', '0.000', '1.10', '100000000000000000000', '123456789012345680000'],
    // As printed by C, PHP and Java.
    ...[
      '0.10000000000000001',
      '52.520006600000002',
      '0.30000000000000004',
      '2.2250738585072014E-308',
      '1.0000000000000000',
    ],
  ])('the number %s is taken', (text) => {
    expect(jsonFault(chat(`{"n":[0,${text}]}`))).toBeNull();
  });

  test.each([
    ...['9007199254740993', '-9007199254740993', '9007199254740993.0', '900719925474099.3e1', '12345678901234567'],
    ...[
      '9223372036854775807',
      '18446744073709551615',
      '1e400',
      '-1e400',
      '1e-400',
      '1e999999999999',
      '9007199254740993.5',
    ],
    ...['3.14159265358979323846', '0.99999999999999999', '123456789012345678901234567890'],
  ])('the number %s is refused with its field', (text) => {
    expect(jsonFault(chat(`{"list":[0,{"n":${text}}]}`))?.field).toBe('content.data.list.1.n');
  });

  test('every number that JSON.stringify writes is taken, and every double in 17 digits', () => {
    const double = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(double, (value) => {
        expect(jsonFault(`[${JSON.stringify(value)}]`)).toBeNull();
        if (!Number.isInteger(value)) expect(jsonFault(`[${value.toPrecision(17)}]`)).toBeNull();
      }),
      { numRuns: 2_000 },
    );
  });

  test('a whole number is taken if and only if it comes out as it went in', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 69n), max: 2n ** 69n }), (value) => {
        expect(jsonFault(`{"n":${value}}`) === null).toBe(BigInt(String(Number(value))) === value);
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    ['in a text', chat('{}', '"\\ud83d"'), 'content.text'],
    ['the second half', chat('{}', '"a\\uDE00b"'), 'content.text'],
    ['deep in data', chat('{"a":[1,"ok",{"b":"\\ud83d!"}]}'), 'content.data.a.2.b'],
    ['the wrong way round', chat('{"a":"\\ude00\\ud83d"}'), 'content.data.a'],
    ['as a key', chat('{"\\ud83d":1}'), 'content.data.\ufffd'],
    ['at the top', '"\\ud83d"', ''],
  ])('half a surrogate pair %s is refused with its field', (_, text, field) => {
    expect(jsonFault(text)?.field).toBe(field);
  });

  test.each([
    chat('{}', '"\\ud83d\\ude00"'),
    chat('{}', '"\\\\ud83d"'),
    chat('{"\\\\":"\\\\\\\\ud83d","😀":"\\u0000"}'),
  ])('a whole pair, and what only looks like a half, are taken: %s', (text) => expect(jsonFault(text)).toBeNull());

  test('whatever JSON.stringify writes of well-formed values is taken as it is', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8, stringUnit: 'grapheme' }), (value) => {
        const text = JSON.stringify(value);
        expect(readJson(text, 'invalid_frame')).toEqual(JSON.parse(text));
      }),
      { numRuns: 500 },
    );
  });

  test('the error has the field and, where the frame has it, what it answers; a long key does not come back whole', () => {
    const refused = (text: string) => {
      try {
        return readJson(text, 'invalid_frame');
      } catch (error) {
        return error;
      }
    };
    const frame = chat('{"n":1e400}').replace('"type":"chat"', '"type":"chat","clientMessageId":"c1"');
    expect(refused(frame)).toMatchObject({ code: 'invalid_frame', details: { field: 'content.data.n', ref: 'c1' } });
    expect(refused('{"type":"ping","ref":"r","x":1e400}')).toMatchObject({ details: { field: 'x', ref: 'r' } });
    expect(refused('[1e400')).toMatchObject({ code: 'invalid_json' });
    const { details } = refused(`{"${'k'.repeat(60_000)}":1e400}`) as { details: { field: string } };
    expect(details.field.length).toBeLessThan(200);
  });
});
