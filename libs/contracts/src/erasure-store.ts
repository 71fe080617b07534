import type { Erasure } from '@chasqui/domain';
import type { ErasureStore } from '@chasqui/ports';
import { describe, expect, test } from 'vitest';
import { type Harness, subjectOf } from './harness.ts';

const T = 1_767_225_600_000;

function asked(userId: string, n: number, erasesMessages = false): Omit<Erasure, 'doneAt'> {
  return { userId, erasesMessages, askedBy: `key:${'a'.repeat(16)}`, requestedAt: T + n };
}

/** Everything that `ErasureStore` promises. */
export function erasureStoreContract(name: string, harness: Harness<ErasureStore>): void {
  describe(`ErasureStore: ${name}`, { timeout: 30_000 }, () => {
    const subject = subjectOf(harness, (store) => [store]);
    const store = () => subject.current;
    const taken = async (now: number, until = now + 10) => (await store().take(T + now, T + until))?.userId ?? null;

    test('erasures come back as they were asked for, in the order of the ids', async () => {
      for (const [n, userId] of ['bob', 'Ann', 'ann'].entries()) {
        expect(await store().begin(asked(userId, n, n === 1))).toEqual({ ...asked(userId, n, n === 1), doneAt: 0 });
      }
      const [bob, Ann, ann] = [asked('bob', 0), asked('Ann', 1, true), asked('ann', 2)].map((one) => ({
        ...one,
        doneAt: 0,
      }));
      expect(await store().get(['bob', 'nobody', 'Ann'])).toEqual([bob, null, Ann]);
      expect(await store().get([])).toEqual([]);
      expect(await store().page('', 2)).toEqual([Ann, ann]);
      expect(await store().page('ann', 2)).toEqual([bob]);
      await store().ping();
    });

    test('the one that was asked for first is taken, by one process until its time is over', async () => {
      await store().begin(asked('ann', 2));
      await store().begin(asked('bob', 1));
      const both = await Promise.all([taken(10), taken(10), taken(10)]);
      expect(both.sort()).toEqual(['ann', 'bob', null]);
      await store().hold('bob', T + 40);
      expect([await taken(20), await taken(20)]).toEqual(['ann', null]);
      await store().hold('ann', T + 99);
      expect([await taken(39), await taken(40)]).toEqual([null, 'bob']);
      await store().hold('nobody', T);
    });

    test('a finished one is not taken again, and stays listed', async () => {
      await store().begin(asked('ann', 1));
      const erasure = await store().take(T + 2, T + 3);
      expect(await store().finish(erasure as Erasure, T + 4)).toBe(true);
      expect(await taken(99)).toBeNull();
      expect(await store().page('', 9)).toEqual([{ ...asked('ann', 1), doneAt: T + 4 }]);
      expect(await store().finish({ ...asked('nobody', 1), doneAt: 0 }, T + 4)).toBe(false);
    });

    test('one that is asked for again begins again, and erases messages if that was ever asked for', async () => {
      await store().begin(asked('ann', 1));
      const first = (await store().take(T + 2, T + 9)) as Erasure;
      expect(await store().begin(asked('ann', 3, true))).toMatchObject({ erasesMessages: true, requestedAt: T + 3 });
      expect(await taken(5)).toBeNull();
      expect(await store().finish(first, T + 5)).toBe(false);
      const second = (await store().take(T + 9, T + 20)) as Erasure;
      expect(await store().finish(second, T + 10)).toBe(true);
      expect(await store().begin(asked('ann', 11))).toEqual({ ...asked('ann', 11, true), doneAt: 0 });
      expect(await taken(30)).toBe('ann');
    });

    if (harness.reopen !== undefined) {
      test('an erasure, who holds it and its end survive a kill', async () => {
        await store().begin(asked('ann', 1, true));
        await store().take(T + 2, T + 9);
        await subject.reopen();
        expect(await taken(8)).toBeNull();
        const erasure = (await store().take(T + 9, T + 20)) as Erasure;
        await store().finish(erasure, T + 10);
        await subject.reopen();
        expect(await store().get(['ann'])).toEqual([{ ...asked('ann', 1, true), doneAt: T + 10 }]);
      });
    }
  });
}
