import type { Progress, ProgressWitness, StoreProgress, UpdateLog } from '@chasqui/ports';
import { describe, expect, test } from 'vitest';
import { type Harness, subjectOf } from './harness.ts';

/** Everything that `StoreProgress` promises. */
export function storeProgressContract(
  name: string,
  harness: Harness<{ storeProgress: StoreProgress; logs: UpdateLog }>,
): void {
  describe(`StoreProgress: ${name}`, { timeout: 30_000 }, () => {
    const subject = subjectOf(harness, ({ logs }) => [logs]);
    const store = () => subject.current.storeProgress;
    const advance = async (witnessed: number): Promise<Progress> => {
      const progress = await store().advance(await store().storeId(), witnessed);
      return progress ?? expect.fail('the store has another id than it said');
    };
    const write = () =>
      subject.current.logs.append([
        { log: 'bob', update: { type: 'read', conversationId: 'ann~bob', upTo: '1', at: 1 } },
      ]);
    const epochs = () =>
      Promise.all(['ann', 'bob'].map(async (log) => (await subject.current.logs.page(log, 0, 1)).epoch));

    test('C10: the progress rises with what is written; nothing else changes while no witness saw more', async () => {
      const storeId = await store().storeId();
      let last = 0;
      for (let round = 0; round < 3; round++) {
        await write();
        const progress = await advance(last);
        expect(progress).toEqual({ storeId, count: expect.any(Number), wentBack: false });
        expect(progress.count).toBeGreaterThan(last);
        last = progress.count;
      }
      expect(await epochs()).toEqual([storeId, storeId]);
    });

    test('C10: a witness that saw more proves that the store went back: every log gets another epoch, once', async () => {
      await write();
      const before = await advance(0);
      const after = await advance(before.count + 100);
      expect(after.wentBack).toBe(true);
      expect(after.storeId).not.toBe(before.storeId);
      expect(after.count).toBeGreaterThan(before.count + 100);
      expect(await epochs()).toEqual([after.storeId, after.storeId]);
      expect(await advance(after.count)).toMatchObject({ storeId: after.storeId, wentBack: false });
    });

    test('C10: of several that tell it at the same time one gives the new epoch', async () => {
      const { storeId, count } = await advance(0);
      const told = await Promise.all(Array.from({ length: 6 }, () => store().advance(storeId, count + 100)));
      const did = told.filter((progress) => progress !== null);
      expect(did).toEqual([expect.objectContaining({ wentBack: true })]);
      expect(await epochs()).toEqual([did[0]?.storeId, did[0]?.storeId]);
    });

    test('C10: of a store of another id nothing is believed, and nothing is raised', async () => {
      const { count } = await advance(0);
      await write();
      expect(await store().advance('another', count + 100)).toBeNull();
      expect(await advance(count)).toMatchObject({ wentBack: false });
    });

    if (harness.reopen !== undefined) {
      test('C10: the progress and the id outlive the process', async () => {
        const { storeId, count } = await advance(0);
        await subject.reopen();
        await write();
        const progress = await advance(count);
        expect(progress).toMatchObject({ storeId, wentBack: false });
        expect(progress.count).toBeGreaterThan(count);
      });
    }
  });
}

/** Everything that `ProgressWitness` promises. */
export function progressWitnessContract(name: string, create: () => ProgressWitness): void {
  describe(`ProgressWitness: ${name}`, () => {
    test('C10: it remembers the highest count of each store, and nothing of one that it does not know', async () => {
      const witness = create();
      expect(await witness.witnessed('a')).toBe(0);
      await Promise.all([9, 100, 20].map((count) => witness.remember('a', count)));
      await witness.remember('a', 99);
      expect(await witness.witnessed('a')).toBe(100);
      expect(await witness.witnessed('b')).toBe(0);
      await witness.remember('b', 2 ** 50);
      expect([await witness.witnessed('a'), await witness.witnessed('b')]).toEqual([100, 2 ** 50]);
    });
  });
}
