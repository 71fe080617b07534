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

  it('C20: a count for who has left holds at once', () => {
    const live = busy();
    const { role: _, ...left } = head(41, 0);
    live.told(left);
    expect(live.head.role).toBeUndefined();
  });
});
