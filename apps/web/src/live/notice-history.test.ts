import type { Notice } from '@chasqui/client';
import { expect, test } from 'vitest';
import { NoticeHistory } from './notice-history.ts';

/** A group in which something happened at each of these times, read two at a time. */
function past(times: readonly number[]) {
  const asked: (number | undefined)[] = [];
  const seen: number[] = [];
  const trouble = { isAway: false };
  const groups = {
    async notices(_: string, before: number = times.length + 1) {
      asked.push(before);
      if (trouble.isAway) throw new Error('away');
      const from = Math.max(0, before - 3);
      const notices = times.slice(from, before - 1).map((at, i): Notice => {
        return { conversationId: 'team', notice: 'joined', by: 'ann', at, version: from + i + 1 };
      });
      return { notices, ...(from === 0 ? {} : { nextBefore: from + 1, since: times[from] ?? 0 }) };
    },
  };
  const history = new NoticeHistory(groups, 'team', (notices) => seen.push(...notices.map(({ at }) => at)));
  return { history, asked, seen, trouble };
}

test('is read as far back as the messages are loaded, each page once', async () => {
  const { history, asked, seen } = past([10, 20, 30, 40, 50, 60]);
  await history.cover(45);
  expect([seen, asked]).toEqual([
    [50, 60, 30, 40],
    [7, 5],
  ]);
  await history.cover(35);
  expect(asked).toEqual([7, 5]);
  await Promise.all([history.cover(25), history.cover(0)]);
  expect([seen, asked]).toEqual([
    [50, 60, 30, 40, 10, 20],
    [7, 5, 3],
  ]);
  await history.cover(0);
  expect(asked).toHaveLength(3);
});

test('what could not be read is read later', async () => {
  const { history, seen, trouble } = past([10, 20]);
  trouble.isAway = true;
  await history.cover(0);
  trouble.isAway = false;
  await history.cover(0);
  expect(seen).toEqual([10, 20]);
});
