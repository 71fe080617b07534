import type { PushOutcome } from '@chasqui/domain';
import type { PushOutcomes } from '@chasqui/ports';
import { describe, expect, test } from 'vitest';
import { type Harness, subjectOf } from './harness.ts';

const T = 1_767_225_600_000;
const ID = '019b76da800000000000abcd';

function outcome(fields: Partial<PushOutcome> = {}): PushOutcome {
  return {
    subjectId: ID,
    userId: 'bob',
    deviceId: 'phone',
    result: 'accepted',
    provider: 'apns',
    reason: 'ok',
    attempts: 1,
    at: T,
    node: 'push-1',
    ...fields,
  };
}

/** Everything that `PushOutcomes` promises. */
export function pushOutcomesContract(name: string, harness: Harness<PushOutcomes>): void {
  describe(`PushOutcomes: ${name}`, { timeout: 30_000 }, () => {
    const subject = subjectOf(harness, (store) => [store]);
    const store = () => subject.current;
    const of = async (subjectId = ID) => (await store().list([subjectId]))[0];

    test('C17: the first outcome of a device stands for ever, whoever comes after learns it', async () => {
      const first = outcome({ result: 'given_up', reason: 'TooManyRequests', attempts: 6 });
      const late = outcome({ at: T - 1 });
      expect(await store().record([first])).toEqual([first]);
      expect(await store().record([late, first])).toEqual([first, first]);
      expect(await of()).toEqual([first]);
      await store().ping();
    });

    test('C17: within one call the first of the same key wins, and each other key has its own', async () => {
      const none = outcome({ deviceId: '', provider: null, result: 'not_needed', reason: 'no provider', attempts: 0 });
      const given = [
        outcome({ at: T + 3 }),
        outcome({ at: T + 3, result: 'refused' }),
        outcome({ deviceId: 'Phone', at: T + 3 }),
        outcome({ userId: 'Bob', at: T + 3 }),
        none,
        outcome({ subjectId: 'digest-7', reason: '好的' }),
      ];
      const kept = given.map((one, i) => (i === 1 ? (given[0] as PushOutcome) : one));
      expect(await store().record(given)).toEqual(kept);
      expect(await store().list(['digest-7', 'absent', ID])).toEqual([
        [given[5]],
        [],
        [none, given[3], given[2], given[0]],
      ]);
    });

    test('C17: of outcomes recorded at the same time one stands, and all are told it', async () => {
      const nodes = ['a', 'b', 'c', 'd', 'e'];
      const told = await Promise.all(nodes.map((node) => store().record([outcome({ node })])));
      expect(new Set(told.map(([kept]) => kept?.node)).size).toBe(1);
      expect(await of()).toEqual(told[0]);
    });

    test('C16: what is older than the retention is dropped, a few at a time', async () => {
      await store().record([1, 2, 3, 4].map((n) => outcome({ subjectId: `n${n}`, at: T + n })));
      expect(await store().trim(T + 4, 2)).toBe(2);
      expect(await store().trim(T + 4, 2)).toBe(1);
      expect(await store().trim(T + 4, 2)).toBe(0);
      expect(await store().list(['n1', 'n2', 'n3', 'n4'])).toEqual([
        [],
        [],
        [],
        [expect.objectContaining({ at: T + 4 })],
      ]);
    });

    if (harness.reopen !== undefined) {
      test('C17: a recorded outcome survives a kill', async () => {
        await store().record([outcome()]);
        await subject.reopen();
        expect(await store().record([outcome({ result: 'refused' })])).toEqual([outcome()]);
      });
    }
  });
}
