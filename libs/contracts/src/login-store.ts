import { PEOPLE_LIMITS } from '@chasqui/domain';
import type { Login, LoginStore } from '@chasqui/ports';
import { describe, expect, test } from 'vitest';
import { type Harness, subjectOf } from './harness.ts';

const T = 1_767_225_600_000;
const GRACE = 30_000;
const idOf = (n: number) => n.toString(16).padStart(32, '0');

function login(fields: Partial<Login> = {}): Login {
  return { userId: 'Ann', loginId: idOf(1), step: 0, at: T, ...fields };
}

/** Everything that `LoginStore` promises. */
export function loginStoreContract(name: string, harness: Harness<LoginStore>): void {
  describe(`LoginStore: ${name}`, { timeout: 30_000 }, () => {
    const subject = subjectOf(harness, (store) => [store]);
    const store = () => subject.current;
    const refresh = (fields: Partial<Login>) => store().refresh(login(fields), GRACE);

    test('each token is good once, and makes the next', async () => {
      await store().begin(login());
      expect(await refresh({ step: 0, at: T + GRACE * 2 })).toBe(1);
      expect(await refresh({ step: 1, at: T + GRACE * 4 })).toBe(2);
      expect(await refresh({ step: 2, at: T + GRACE * 6 })).toBe(3);
      await store().ping();
    });

    test('a token that was used is taken once more for a moment: its answer may have been lost', async () => {
      await store().begin(login());
      expect(await refresh({ step: 0, at: T + 1 })).toBe(1);
      expect(await refresh({ step: 0, at: T + GRACE })).toBe(1);
      expect(await refresh({ step: 1, at: T + GRACE + 1 })).toBe(2);
    });

    test('a token that was used before is a copy, and ends the log-in for all who have one', async () => {
      await store().begin(login());
      await store().begin(login({ loginId: idOf(2) }));
      expect(await refresh({ step: 0, at: T + 1 })).toBe(1);
      expect(await refresh({ step: 0, at: T + 2 + GRACE })).toBe('reused');
      expect(await refresh({ step: 1, at: T + 3 + GRACE })).toBe('ended');
      expect(await refresh({ loginId: idOf(2), at: T + 4 })).toBe(1);
    });

    test('a step that never was, another user’s log-in and an unknown one give nothing', async () => {
      await store().begin(login());
      expect(await refresh({ userId: 'ann' })).toBe('ended');
      expect(await refresh({ loginId: idOf(9) })).toBe('ended');
      expect(await refresh({ step: 1 })).toBe('reused');
      expect(await refresh({ step: 0 })).toBe('ended');
    });

    test('of refreshes at the same time one makes the next step, and all are told it', async () => {
      await store().begin(login());
      const told = await Promise.all([1, 2, 3, 4, 5].map((ms) => refresh({ at: T + ms })));
      expect(told).toEqual([1, 1, 1, 1, 1]);
      expect(await refresh({ step: 1, at: T + 9 })).toBe(2);
    });

    test('a log-in that is begun twice is begun once', async () => {
      await store().begin(login());
      expect(await refresh({ at: T + 1 })).toBe(1);
      await store().begin(login());
      expect(await refresh({ step: 1, at: T + 2 })).toBe(2);
    });

    test('all log-ins of a user end together; those of others go on', async () => {
      for (const n of [1, 2]) await store().begin(login({ loginId: idOf(n) }));
      await store().begin(login({ userId: 'bob' }));
      await store().endAll('Ann');
      for (const n of [1, 2]) expect(await refresh({ loginId: idOf(n), at: T + 1 })).toBe('ended');
      expect(await refresh({ userId: 'bob', at: T + 1 })).toBe(1);
    });

    test('C16: beyond the bound the one that was refreshed longest ago goes; other users’ stay', async () => {
      const { maxLoginsPerUser } = PEOPLE_LIMITS;
      await store().begin(login({ userId: 'bob', at: 1 }));
      for (let i = 0; i <= maxLoginsPerUser; i++) await store().begin(login({ loginId: idOf(i), at: T + i }));
      const at = T + maxLoginsPerUser;
      expect(await refresh({ loginId: idOf(0), at })).toBe('ended');
      expect(await refresh({ loginId: idOf(1), at })).toBe(1);
      expect(await store().refresh(login({ userId: 'bob', at }), GRACE)).toBe(1);
    });

    test('C16: those whose tokens have ended are dropped, a few at a time', async () => {
      for (let i = 1; i <= 4; i++) await store().begin(login({ loginId: idOf(i), at: T + i }));
      expect(await store().trim(T + 4, 2)).toBe(2);
      expect(await store().trim(T + 4, 2)).toBe(1);
      expect(await store().trim(T + 4, 2)).toBe(0);
      expect(await refresh({ loginId: idOf(3), at: T + 5 })).toBe('ended');
      expect(await refresh({ loginId: idOf(4), at: T + 5 })).toBe(1);
    });

    if (harness.reopen !== undefined) {
      test('how far a log-in is survives a kill', async () => {
        await store().begin(login());
        expect(await refresh({ at: T + 1 })).toBe(1);
        await subject.reopen();
        expect(await refresh({ step: 0, at: T + 2 + GRACE })).toBe('reused');
      });
    }
  });
}
