import type { SweepStore } from '@chasqui/ports';
import { describe, expect, test } from 'vitest';
import { type Harness, subjectOf } from './harness.ts';

const T = 1_767_225_600_000;

/** Everything that `SweepStore` promises. */
export function sweepStoreContract(name: string, harness: Harness<SweepStore>): void {
  describe(`SweepStore: ${name}`, { timeout: 30_000 }, () => {
    const subject = subjectOf(harness, (store) => [store]);
    const store = () => subject.current;
    const lead = (owner: string, now: number, sweep = 'messages') => store().lead(sweep, owner, T + now, T + now + 10);
    const start = { cursor: null, nextAt: 0 };

    test('one process leads a sweep until its time is over; each sweep has its own', async () => {
      const both = await Promise.all(['a', 'b', 'c'].map((owner) => lead(owner, 0)));
      expect(both.filter((progress) => progress !== null)).toEqual([start]);
      const leader = ['a', 'b', 'c'][both.findIndex((progress) => progress !== null)] ?? '';
      expect(await lead(leader, 5)).toEqual(start);
      expect([await lead('other', 14), await lead('other', 14, 'another')]).toEqual([null, start]);
      expect(await lead('other', 15)).toEqual(start);
      expect(await lead(leader, 16)).toBeNull();
      await store().ping();
    });

    test('who leads saves how far it is, and the next one goes on from there', async () => {
      const progress = { cursor: 'a "cursor" 你好', nextAt: T + 7 };
      expect(await store().save('messages', 'a', progress)).toBe(false);
      await lead('a', 0);
      expect(await store().save('messages', 'b', progress)).toBe(false);
      expect(await store().save('messages', 'a', progress)).toBe(true);
      expect(await lead('b', 10)).toEqual(progress);
      expect(await store().save('messages', 'a', start)).toBe(false);
      expect(await store().save('messages', 'b', start)).toBe(true);
      expect(await store().save('messages', 'b', start)).toBe(true);
      expect(await lead('b', 11)).toEqual(start);
    });

    if (harness.reopen !== undefined) {
      test('who leads, and how far it is, survive a kill', async () => {
        await lead('a', 0);
        await store().save('messages', 'a', { cursor: 'here', nextAt: 1 });
        await subject.reopen();
        expect(await lead('b', 9)).toBeNull();
        expect(await lead('b', 10)).toEqual({ cursor: 'here', nextAt: 1 });
      });
    }
  });
}
