import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventText, joinEvents, readEvents } from './bus-body.ts';

const read = (body: string) => readEvents(body).map(({ value, text }) => ({ value, text: text() }));

describe('the body of a bus message', () => {
  test('gives back each event and its text as it stands, whoever joined them', () => {
    const events = fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(events, (values) => {
        const texts = values.map((value) => JSON.stringify(value));
        const expected = texts.map((text) => ({ value: JSON.parse(text), text }));
        expect(read(joinEvents(texts))).toEqual(expected);
        expect(read(`[${texts.join(',')}]`)).toEqual(expected);
      }),
    );
  });

  test('is read also where its events are not a line each', () => {
    expect(read('[{"p":[{},\n{}]},{"c":",\\n"}]')).toEqual([
      { value: { p: [{}, {}] }, text: '{"p":[{},\n{}]}' },
      { value: { c: ',\n' }, text: '{"c":",\\n"}' },
    ]);
    expect(read(' [ {"a": [1, "]\\""]} , 2 ] ')).toEqual([
      { value: { a: [1, ']"'] }, text: '{"a": [1, "]\\""]}' },
      { value: 2, text: '2' },
    ]);
    expect(read('[]')).toEqual([]);
  });

  test('that is no JSON array is refused', () => {
    for (const body of ['', '{', '[{]', '{"a":1}', '[{"a":1},\n{]'])
      expect(() => readEvents(body)).toThrow(expect.objectContaining({ code: 'invalid_request' }));
    expect(() => eventText('[{}]', 1)).toThrow(RangeError);
  });

  test('is read alike when an event nests as deep as JSON.parse goes', () => {
    const deep = `{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}`;
    for (const body of [joinEvents(['{}', deep]), `[{},${deep}]`]) expect(readEvents(body)[1]?.text()).toBe(deep);
  });
});
