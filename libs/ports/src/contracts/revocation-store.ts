import { PEOPLE_LIMITS } from '@chasqui/domain';
import { describe, expect, test } from 'vitest';
import { EVERY_TOKEN, type RevocationStore } from '../revocation-store.ts';
import { type Harness, subjectOf } from './harness.ts';

const T = 1_767_225_600_000;

/** Everything that `RevocationStore` promises. */
export function revocationStoreContract(name: string, harness: Harness<RevocationStore>): void {
  describe(`RevocationStore: ${name}`, { timeout: 30_000 }, () => {
    const subject = subjectOf(harness, (store) => [store]);
    const store = () => subject.current;
    const devices = [
      { userId: 'Ann', deviceId: 'phone' },
      { userId: 'Ann', deviceId: 'web' },
      { userId: 'ann', deviceId: 'phone' },
    ];

    test('one device is revoked without the others, all of a user without other users', async () => {
      expect(await store().cutOffs(devices)).toEqual([0, 0, 0]);
      await store().revoke({ userId: 'Ann', deviceId: 'phone', issuedBefore: T + 5 });
      expect(await store().cutOffs(devices)).toEqual([T + 5, 0, 0]);
      await store().revoke({ userId: 'Ann', issuedBefore: T + 3 });
      expect(await store().cutOffs(devices)).toEqual([T + 5, T + 3, 0]);
      await store().revoke({ userId: 'Ann', issuedBefore: T + 9 });
      expect(await store().cutOffs(devices)).toEqual([T + 9, T + 9, 0]);
      await store().ping();
    });

    test('a revocation never moves back', async () => {
      for (const issuedBefore of [T + 5, T + 1]) {
        await store().revoke({ userId: 'Ann', deviceId: 'phone', issuedBefore });
        await store().revoke({ userId: 'ann', issuedBefore });
      }
      expect(await store().cutOffs(devices)).toEqual([T + 5, 0, T + 5]);
    });

    test('what no token can be older than is dropped, a few at a time', async () => {
      for (let i = 0; i < 4; i++) await store().revoke({ userId: 'Ann', deviceId: `d${i}`, issuedBefore: T + i });
      await store().revoke({ userId: 'bob', issuedBefore: T });
      expect(await store().trim(T + 2, 2)).toBe(2);
      expect(await store().trim(T + 2, 2)).toBe(1);
      expect(await store().trim(T + 2, 2)).toBe(0);
      const left = [2, 3].map((i) => ({ userId: 'Ann', deviceId: `d${i}` }));
      expect(await store().cutOffs(left)).toEqual([T + 2, T + 3]);
    });

    test('C16: beyond the bound of single devices the oldest goes; the user’s own stays', async () => {
      const { maxRevocationsPerUser } = PEOPLE_LIMITS;
      await store().revoke({ userId: 'Ann', issuedBefore: 1 });
      for (let i = 0; i <= maxRevocationsPerUser; i++) {
        await store().revoke({ userId: 'Ann', deviceId: `d${i}`, issuedBefore: T + i });
      }
      const asked = [0, 1, maxRevocationsPerUser].map((i) => ({ userId: 'Ann', deviceId: `d${i}` }));
      expect(await store().cutOffs(asked)).toEqual([1, T + 1, T + maxRevocationsPerUser]);
    });

    test('a disabled user has no good token until enabled, and revocations stand after it', async () => {
      await store().revoke({ userId: 'Ann', deviceId: 'phone', issuedBefore: T });
      expect(await store().disable('Ann', T + 1)).toBe(true);
      expect(await store().disable('Ann', T + 2)).toBe(false);
      expect(await store().cutOffs(devices)).toEqual([EVERY_TOKEN, EVERY_TOKEN, 0]);
      expect(await store().disabled(['ann', 'Ann'])).toEqual([null, T + 1]);
      expect(await store().trim(T + 9, 10)).toBe(1);
      expect(await store().cutOffs(devices)).toEqual([EVERY_TOKEN, EVERY_TOKEN, 0]);
      await store().revoke({ userId: 'Ann', issuedBefore: T + 3 });
      expect(await store().enable('Ann')).toBe(true);
      expect(await store().enable('Ann')).toBe(false);
      expect(await store().cutOffs(devices)).toEqual([T + 3, T + 3, 0]);
      expect(await store().disabled(['Ann'])).toEqual([null]);
    });

    if (harness.reopen !== undefined) {
      test('a user stays disabled after a kill', async () => {
        await store().disable('Ann', T);
        await subject.reopen();
        expect(await store().cutOffs(devices)).toEqual([EVERY_TOKEN, EVERY_TOKEN, 0]);
      });

      test('a revocation survives a kill', async () => {
        await store().revoke({ userId: 'Ann', deviceId: 'phone', issuedBefore: T });
        await subject.reopen();
        expect(await store().cutOffs(devices)).toEqual([T, 0, 0]);
      });
    }
  });
}
