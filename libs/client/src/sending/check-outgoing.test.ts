import { expect, test } from 'vitest';
import { checkOutgoing } from './check-outgoing.ts';

const around = { userId: 'ana', maxContentBytes: 32_768, groups: undefined };
const check = (content: object, to = 'bob', clientMessageId = 'c1') => {
  const error = checkOutgoing({ to, content, clientMessageId } as Parameters<typeof checkOutgoing>[0], around);
  return error === null ? null : [error.code, error.details.field];
};
let deep: object = {};
for (let n = 0; n < 9_000; n++) deep = { a: deep };
const cycle: { [key: string]: unknown } = {};
cycle.self = cycle;

test.each([
  [{ text: 'hello' }, null],
  [{ location: { latitude: 1, longitude: 2 } }, null],
  [{}, ['content_invalid', 'content']],
  [{ text: undefined }, ['content_invalid', 'content']],
  [{ data: { at: new Date(0), n: 0.1 } }, null],
  [{ text: '\ud83d' }, ['content_invalid', 'content.text']],
  [{ data: { a: ['\ude00'] } }, ['content_invalid', 'content.data.a.0']],
  [{ data: { a: deep } }, ['content_invalid', 'content']],
  [{ data: JSON.parse(`{"a":${'['.repeat(70)}${']'.repeat(70)}}`) }, ['content_invalid', 'content.data']],
  [{ data: cycle }, ['content_invalid', 'content']],
  [{ data: { n: 1n } }, ['content_invalid', 'content']],
])('C15: what the server would refuse is found before it is sent: %#', (content, expected) => {
  expect(check(content)).toEqual(expected);
});

test.each(['.', '..', 'a b', ''])('C15: %j is nobody to write to', (to) => {
  expect(check({ text: 'x' }, to)).toEqual(['recipient_invalid', 'to']);
});
