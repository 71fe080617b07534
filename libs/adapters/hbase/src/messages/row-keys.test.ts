import { directConversation, formatMessageId, MAX_REVISION } from '@chasqui/domain';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { actionTime, putTime, removeTime, statusTime } from './cell-timestamps.ts';
import { formerColumns } from './former-row.ts';
import { after, conversationEnd, conversationStart, locationRow, messageRow } from './row-keys.ts';

const user = fc.stringMatching(/^[A-Za-z0-9._@+:|-]{1,8}$/);
const conversation = fc
  .tuple(user, user)
  .filter(([a, b]) => a !== b)
  .map(([a, b]) => directConversation(a, b));
const id = fc
  .record({ millis: fc.nat(2 ** 31).map((n) => 1.79e12 + n), counter: fc.nat(0xffff), tag: fc.nat(2 ** 31) })
  .map(formatMessageId);

describe('rows', () => {
  it('of a conversation lie together, newest first, between its start and its end', () => {
    fc.assert(
      fc.property(conversation, conversation, id, id, (ours, other, one, two) => {
        const [a, b] = [messageRow(ours, one), messageRow(ours, two)];
        expect(Math.sign(a.compare(b))).toBe(one === two ? 0 : one > two ? -1 : 1);
        const isInside = (row: Buffer) =>
          row.compare(conversationStart(ours)) > 0 && row.compare(conversationEnd(ours)) < 0;
        expect(isInside(a)).toBe(true);
        expect(isInside(messageRow(other, one))).toBe(other === ours);
        expect(after(a).compare(a)).toBe(1);
      }),
    );
  });

  it('are spread over the regions, also of conversations and ids that follow one another', () => {
    const spread = (rows: Buffer[]) => {
      const counts = new Array<number>(8).fill(0);
      for (const row of rows) counts[(row[0] ?? 0) >> 5] = (counts[(row[0] ?? 0) >> 5] ?? 0) + 1;
      return Math.max(...counts) / (rows.length / 8);
    };
    const numbers = Array.from({ length: 4_000 }, (_, i) => i);
    const someId = formatMessageId({ millis: 1.79e12, counter: 0, tag: 1 });
    expect(spread(numbers.map((n) => messageRow(directConversation('ann', `user${n}`), someId)))).toBeLessThan(1.4);
    const ids = numbers.map((n) => formatMessageId({ millis: 1.79e12 + (n >> 3), counter: n & 7, tag: 0xabcdef }));
    expect(spread(ids.map(locationRow))).toBeLessThan(1.4);
  });
});

describe('the times of values', () => {
  it('C3, C7: the first put stands against later ones, a further status against a lower, an action against an earlier one, and a removal for good', () => {
    fc.assert(
      fc.property(id, fc.nat(2 ** 40), fc.nat(2 ** 40), (message, one, two) => {
        const sent = Number.parseInt(message.slice(0, 12), 16);
        const [early, late] = [Math.min(one, two), Math.max(one, two)].map((age) => putTime(message, sent + age));
        const times = [late, early, statusTime(message, 1), statusTime(message, 2), statusTime(message, 3)];
        const actions = [1, 2, MAX_REVISION].map((revision) => actionTime(message, revision));
        const rising = [...times, ...actions, removeTime(message)];
        expect(rising).toEqual(rising.toSorted((a = 0, b = 0) => a - b));
        expect(new Set(rising.slice(1)).size).toBe(8);
        // Within a day, a difference of one millisecond decides.
        if (two < 86_400_000) expect(putTime(message, sent + two)).toBeGreaterThan(putTime(message, sent + two + 1));
        for (const time of rising) expect(Number.isSafeInteger(time)).toBe(true);
      }),
    );
  });
});

test('rows of releases up to 0.1 keep a status by the place of the user in the conversation', () => {
  const columnOf = (user: string) => formerColumns('ann~bob', user)?.rank;
  expect(['ann', 'bob', 'an', 'ob'].map(columnOf)).toEqual(['0', '1', undefined, undefined]);
});
