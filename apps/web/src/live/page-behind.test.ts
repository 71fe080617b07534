import type { ChatMessage } from '@chasqui/client';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sampleMessage } from '../testing/sample-message.ts';
import { pageBehind } from './page-behind.ts';

const LIMIT = 100;

/** A message that was sent so many ms before now. */
function sent(n: number, ago: number): ChatMessage {
  const id = (Math.floor(Date.now()) - ago).toString(16).padStart(12, '0') + n.toString(16).padStart(12, '0');
  return sampleMessage(n, { messageId: id, sortKey: id });
}

/** A server that has these messages, and counts requests. */
function server(all: readonly ChatMessage[]) {
  const asked = { count: 0 };
  const read = async (before: string | undefined) => {
    asked.count++;
    const older = all.filter(({ sortKey }) => before === undefined || sortKey < before);
    const messages = older.slice(-LIMIT);
    const [first] = messages;
    return older.length > LIMIT && first?.messageId ? { messages, nextBefore: first.messageId } : { messages };
  };
  return { asked, read };
}

test('property: finds what follows, without a gap, however the messages are spread over time', async () => {
  const gap = fc.oneof(
    fc.constant(0),
    fc.integer({ max: 1_000, min: 1 }),
    fc.integer({ max: 90 * 86_400_000, min: 1 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(gap, { minLength: 130, maxLength: 500 }), fc.nat(), async (gaps, cut) => {
      const all = gaps.map((_, n) =>
        sent(
          n,
          gaps.slice(n + 1).reduce((sum, one) => sum + one, 0),
        ),
      );
      const end = 1 + (cut % all.length);
      const loaded = all.slice(Math.max(0, end - 100), end);
      const { asked, read } = server(all);
      const { messages, isNewest } = await pageBehind(loaded, read);
      expect(messages).toEqual(all.slice(end, end + messages.length));
      expect(isNewest).toBe(end + messages.length === all.length && isNewest);
      if (!isNewest) expect(messages.length).toBeGreaterThan(0);
      expect(asked.count).toBeLessThan(40);
    }),
  );
});

test('messages that come evenly cost about a request a page', async () => {
  const all = Array.from({ length: 3_000 }, (_, n) => sent(n, (3_000 - n) * 60_000));
  const { asked, read } = server(all);
  let loaded = all.slice(0, 100);
  for (let isNewest = false; !isNewest; ) {
    const page = await pageBehind(loaded, read);
    ({ isNewest } = page);
    loaded = [...loaded, ...page.messages];
  }
  expect(loaded).toEqual(all);
  expect(asked.count).toBeLessThan(60);
});
