import { protocolDocument } from '@chasqui/protocol/schema-document';
import { expect, test } from 'vitest';
import { createTestApi } from '../api/fixture.ts';

/** A pattern that may appear in an answer unchanged: one class of characters and a count. */
const READABLE = /^\^\[[ -Z_-~-]+\]\{[0-9,]+\}\$$/;

interface Patterned {
  at: string;
  pattern: string;
  rule: unknown;
}

function patternsIn(value: unknown, at = ''): Patterned[] {
  if (typeof value !== 'object' || value === null) return [];
  const { pattern, 'x-rule': rule } = value as { pattern?: unknown; 'x-rule'?: unknown };
  const own = typeof pattern === 'string' ? [{ at, pattern, rule }] : [];
  return [...own, ...Object.entries(value).flatMap(([key, inner]) => patternsIn(inner, `${at}/${key}`))];
}

test('C15: a pattern that is not short and readable has words for who breaks it, on frames and over HTTP', async () => {
  await using api = await createTestApi();
  const { json } = await api.app.inject('/api/docs/json');
  const all = patternsIn({ frames: protocolDocument(), http: json() });
  expect(all.length).toBeGreaterThan(50);
  const bare = all.filter(
    ({ pattern, rule }) => rule === undefined && !(pattern.length <= 40 && READABLE.test(pattern)),
  );
  expect(bare).toEqual([]);
  for (const { at, rule } of all) if (rule !== undefined) expect(rule, at).toMatch(/^(be|not have) [ -~–]{5,120}$/);
});

test.each(['\u202e', '\u200b', 'a\u2066b', '\u0007', '\u{e0001}'])(
  'C15: a display name that cannot be is refused in words: %#',
  async (displayName) => {
    await using api = await createTestApi();
    const { statusCode, json } = await api.call('PATCH', '/api/users/me', { as: 'ana', payload: { displayName } });
    const { message, field } = json().error;
    expect([statusCode, field]).toEqual([400, 'displayName']);
    expect(message).toMatch(/^displayName must be a name: [ -~]{20,150}$/);
  },
);
