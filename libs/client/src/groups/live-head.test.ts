import { describe, expect, it } from 'vitest';
import type { GroupHead } from './group-news.ts';
import { LiveHead } from './live-head.ts';

const id = (n: number) => n.toString(16).padStart(24, '0');
const head = (last: number, unread: number, change: Partial<GroupHead> = {}): GroupHead => ({
  conversationId: 'team',
  name: 'Team',
  picture: '',
  version: 1,
  memberCount: 2,
  role: 'member',
  head: last,
  epoch: 'e',
  lastMessageId: id(last),
  lastFrom: 'bob',
  preview: '',
  unread,
  mentions: 0,
  updatedAt: last,
  ...change,
});

/** A head that the server counted up to message 1, and then 100 live messages. */
function busy(): LiveHead {
  const live = new LiveHead('ann', head(1, 1));
  for (let n = 2; n <= 101; n++) {
    live.message({ messageId: id(n), from: 'bob', clientMessageId: `c${n}`, sentAt: n, position: n }, n);
  }
  return live;
}

describe('the head of a group', () => {
  it('C21: a count that was made before a hundred live messages came does not lose them, and is asked for again', () => {
    const live = busy();
    expect(live.told(head(41, 41))).toBe(false);
    expect(live.head.unread).toBe(101);
    expect(live.told(head(101, 101))).toBe(true);
    expect(live.head.unread).toBe(101);
  });

  it('C21: the next count holds, whatever it is: what was counted here may have been retracted', () => {
    const live = busy();
    live.told(head(41, 41));
    expect(live.told(head(60, 60))).toBe(true);
    expect(live.head.unread).toBe(60 + 32);
  });

  /** Messages as they come by two nodes, then stored. Returns whether the counts were certain each time. */
  function come(live: LiveHead, ids: readonly number[]): boolean {
    const came = ids.map((n) =>
      live.message({ messageId: id(n), from: 'bob', clientMessageId: `c${n}`, sentAt: n }, n),
    );
    return [...came, ...ids.map((n) => live.stored(id(n), id(n)))].every(Boolean);
  }
  const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n);

  it('C21: messages of two nodes count, each once, also if one node is some behind', () => {
    const live = new LiveHead('ann', head(1, 1));
    const [even, odd] = [0, 1].map((rest) => numbers(2, 121).filter((n) => n % 2 === rest)) as [number[], number[]];
    const mixed = [...even.slice(0, 20), ...odd.flatMap((n, at) => [n, even[at + 20] ?? 0])].filter((n) => n > 0);
    expect(come(live, mixed)).toBe(true);
    expect(live.head.unread).toBe(121);
  });

  it('C21: messages of a node that is far behind are not lost: the server is asked', () => {
    for (const [first, late] of [
      [numbers(41, 100), numbers(2, 40)],
      [numbers(41, 80), numbers(2, 9)],
    ] as const) {
      const live = new LiveHead('ann', head(1, 1));
      expect(come(live, first)).toBe(true);
      expect(come(live, late)).toBe(false);
      const all = 1 + first.length + late.length;
      expect(live.told(head(first.at(-1) ?? 0, all))).toBe(true);
      expect(live.head.unread).toBe(all);
    }
    const live = new LiveHead('ann', head(1, 1));
    come(live, numbers(41, 100));
    const resent = { from: 'bob', clientMessageId: 'c9', sentAt: 9, position: 90 };
    expect(live.message({ ...resent, messageId: id(9) }, 9)).toBe(false);
    // The server counted while this one was still on its way to the store.
    live.told(head(100, 60));
    expect(come(live, [99])).toBe(false);
  });

  it('C20: a count for who has left holds at once', () => {
    const live = busy();
    const { role: _, ...left } = head(41, 0);
    live.told(left);
    expect(live.head.role).toBeUndefined();
  });
});
