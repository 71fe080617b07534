import { type HeldMessage, HOLD_LIMITS, type LegalHold } from '@chasqui/domain';
import type { HoldStore } from '@chasqui/ports';
import { describe, expect, test } from 'vitest';
import { type Harness, subjectOf } from './harness.ts';

const T = 1_767_225_600_000;
const idOf = (n: number) => n.toString(16).padStart(24, '0');

function holdOf(n: number, fields: Partial<LegalHold> = {}): LegalHold {
  return {
    ...{ holdId: idOf(n), kind: 'user', subject: 'Ann.B+1@example.org', reason: `case ${n} 案件` },
    ...{ placedBy: 'cli:root@host', placedAt: T + n },
    ...fields,
  };
}

function messageOf(n: number, hold = 1, fields: Partial<HeldMessage> = {}): HeldMessage {
  return {
    ...{ holdId: idOf(hold), messageId: idOf(n), conversationId: 'ann~bob', from: 'ann' },
    ...{ sentAt: T + n, deletedAt: T + 100 + n, content: { text: `text ${n} 你好 🌊`, data: { at: [n, "'"] } } },
    ...fields,
  };
}

/** Everything that `HoldStore` promises. */
export function holdStoreContract(name: string, harness: Harness<HoldStore>): void {
  describe(`HoldStore: ${name}`, { timeout: 60_000 }, () => {
    const subject = subjectOf(harness, (store) => [store]);
    const store = () => subject.current;

    test('holds come back as they were placed, the oldest first; an id that exists is left as it is', async () => {
      const [first, second] = [holdOf(1, { kind: 'conversation', subject: 'ann~bob' }), holdOf(2)];
      for (const hold of [second, first]) expect(await store().place(hold)).toBe(true);
      expect(await store().place(holdOf(1, { placedAt: T + 9 }))).toBe(true);
      expect(await store().list()).toEqual([first, second]);
      expect([await store().get(idOf(1)), await store().get(idOf(9))]).toEqual([first, null]);
      await store().ping();
    });

    test('messages are kept once for each hold, as they were first, and read page by page', async () => {
      for (const n of [1, 2]) await store().place(holdOf(n));
      await store().keep([messageOf(3), messageOf(1), messageOf(2), messageOf(1, 2)]);
      await store().keep([messageOf(2, 1, { content: {}, deletedAt: T }), messageOf(1, 9)]);
      await store().keep([]);
      expect(await store().kept(idOf(1), { limit: 2 })).toEqual([messageOf(1), messageOf(2)]);
      expect(await store().kept(idOf(1), { limit: 2, after: idOf(2) })).toEqual([messageOf(3)]);
      expect(await store().kept(idOf(2), { limit: 9 })).toEqual([messageOf(1, 2)]);
      expect(await store().kept(idOf(9), { limit: 9 })).toEqual([]);
    });

    test('a message is kept with what it said before', async () => {
      await store().place(holdOf(1));
      const message = messageOf(1, 1, { versions: [{ content: { text: 'before 你好' }, at: T }] });
      await store().keep([message]);
      expect(await store().kept(idOf(1), { limit: 2 })).toEqual([message]);
    });

    test('a release takes what was kept for that hold, a few at a time, and then nothing is kept for it', async () => {
      for (const n of [1, 2]) await store().place(holdOf(n));
      await store().keep([1, 2, 3, 4].map((n) => messageOf(n)));
      await store().keep([messageOf(1, 2)]);
      expect(await store().release(idOf(1), 3)).toBe(false);
      expect(await store().list()).toHaveLength(2);
      expect(await store().release(idOf(1), 3)).toBe(true);
      expect(await store().release(idOf(1), 3)).toBe(true);
      expect(await store().list()).toEqual([holdOf(2)]);
      await store().keep([messageOf(5)]);
      await store().place(holdOf(1));
      expect(await store().kept(idOf(1), { limit: 9 })).toEqual([]);
      expect(await store().kept(idOf(2), { limit: 9 })).toHaveLength(1);
    });

    test('C16: beyond the bound nothing is placed, until one is released', async () => {
      const { maxHolds } = HOLD_LIMITS;
      for (let n = 1; n <= maxHolds; n += 50) {
        const some = Array.from({ length: 50 }, (_, i) => store().place(holdOf(n + i)));
        expect(await Promise.all(some)).not.toContain(false);
      }
      expect(await store().place(holdOf(maxHolds + 1))).toBe(false);
      expect(await store().place(holdOf(maxHolds))).toBe(true);
      await store().release(idOf(7), 1);
      expect(await store().place(holdOf(maxHolds + 1))).toBe(true);
      expect(await store().list()).toHaveLength(maxHolds);
    });

    if (harness.reopen !== undefined) {
      test('a hold and what is kept for it survive a kill', async () => {
        await store().place(holdOf(1));
        await store().keep([messageOf(1)]);
        await subject.reopen();
        expect(await store().list()).toEqual([holdOf(1)]);
        expect(await store().kept(idOf(1), { limit: 9 })).toEqual([messageOf(1)]);
      });
    }
  });
}
