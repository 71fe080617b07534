import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from './canonical-json.ts';
import { contentDigests } from './content-digest.ts';
import type { MessageContent } from './message-content.ts';

const digests = (content: MessageContent, to = 'bob') => contentDigests({ to, kind: 'c2c', content });

/** The same value with the keys of every object in reverse order. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, member]) => [key, turned(member)]),
  );
}

describe('C4: the canonical form (RFC 8785)', () => {
  test('of the examples in its sections 3.2.2 and 3.2.3', () => {
    const numbers = JSON.parse(
      '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}',
    );
    expect(canonicalJson(numbers)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
    const keys = ['€', '\r', '\ufb33', '1', '😀', '\u0080', 'ö'];
    const text = canonicalJson(Object.fromEntries(keys.map((key) => [key, 0])));
    expect(text).toBe('{"\\r":0,"1":0,"\u0080":0,"ö":0,"€":0,"😀":0,"\ufb33":0}');
  });

  test('says the same as the value, and the same whatever the order of its keys', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5, stringUnit: 'grapheme' }), (value) => {
        const plain = JSON.parse(JSON.stringify(value));
        expect(JSON.parse(canonicalJson(plain))).toEqual(plain);
        expect(canonicalJson(turned(plain))).toBe(canonicalJson(plain));
      }),
      { numRuns: 500 },
    );
  });

  test('never fails by depth', () => {
    let deep: unknown = 1;
    for (let n = 0; n < 20_000; n++) deep = n % 2 ? { a: deep } : [deep];
    expect(canonicalJson(deep).length).toBeGreaterThan(40_000);
    expect(digests({ data: { deep } })).toHaveLength(1);
  });
});

describe('C4: the digests of content', () => {
  test('are one for data whose keys come in another order, and others for another value, receiver or text', () => {
    const first = { data: { b: 1, a: { d: [1, 2], c: null } }, text: 'x' };
    const [digest] = digests(first);
    expect(digests({ text: 'x', data: { a: { c: null, d: [1, 2] }, b: 1 } })[0]).toBe(digest);
    const others: MessageContent[] = [
      { ...first, text: 'y' },
      { data: first.data },
      { text: 'x', data: { b: 1, a: { d: [2, 1], c: null } } },
      { text: 'x', data: { b: '1', a: { d: [1, 2], c: null } } },
    ];
    for (const content of others) expect(digests(content)).not.toContain(digest);
    expect(digests(first, 'cat')).not.toContain(digest);
  });

  test('are one for a location whose keys come in another order, and others for another place or contact', () => {
    const [digest, former] = digests({ location: { latitude: 1, longitude: 2 } });
    expect(former).toBeUndefined();
    expect(digests({ location: { longitude: 2, latitude: 1 } })).toEqual([digest]);
    expect(digests({ location: { longitude: 2, latitude: 1.5 } })[0]).not.toBe(digest);
    const card = (userId: string) => digests({ text: 'x', contact: { userId } })[0];
    expect(card('eva')).not.toBe(card('ben'));
  });

  test('are others for an answer to another message, and as before without one', () => {
    const answering = (messageId: string, mentions?: 'all') =>
      contentDigests({ to: 'team', kind: 'group', content: { text: 'x' }, mentions, replyTo: { messageId } });
    const all = [
      answering('a'),
      answering('b'),
      answering('a', 'all'),
      contentDigests({ to: 'team', kind: 'group', content: { text: 'x' } }),
    ];
    expect(new Set(all.flat()).size).toBe(4);
    expect(answering('a')).toEqual(answering('a'));
  });

  test('of a forward are over the request, and others than those of any content', () => {
    const forward = (fields: object = {}) =>
      contentDigests({
        ...{ to: 'team', kind: 'group', content: { text: 'x' } },
        forwardOf: { conversationId: 'a~b', messageId: 'm', ...fields },
      });
    const all = [
      forward(),
      forward({ withOrigin: false }),
      forward({ conversationId: 'a~c' }),
      forward({ messageId: 'n' }),
      contentDigests({ to: 'team', kind: 'group', content: { text: 'x' } }),
    ];
    expect(new Set(all.flat()).size).toBe(5);
    expect(forward({ withOrigin: true })).toEqual(forward());
  });

  test('are the same where the JSON of the content is given', () => {
    const contents: MessageContent[] = [{ text: 'a "b"' }, { data: { z: 1, a: { c: ['é'] } }, text: 'x' }];
    for (const content of contents) {
      const given = contentDigests({ to: 'bob', kind: 'c2c', content }, JSON.stringify(content));
      expect(given).toEqual(digests(content));
    }
  });

  test('have those of the releases before, which are in stores: of text, and of data with its keys as they came', () => {
    expect(digests({ text: 'hello' })).toEqual(['1y9prq1.u']);
    expect(digests({ text: '你好 😀' })).toEqual(['but7h.u']);
    expect(digests({ data: { z: 1, a: 'x' }, text: 'hi' })).toContain('1gqx57i.1e');
    expect(digests({ text: 'hi', data: { a: [1.5, true], b: {} } })).toContain('1wofktp.1m');
  });
});
