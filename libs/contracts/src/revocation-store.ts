import { PEOPLE_LIMITS } from '@chasqui/domain';
import { NO_CUT_OFF, type RevocationStore } from '@chasqui/ports';
import { describe, expect, test } from 'vitest';
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

    const cutOff = (generation: number, issuedBefore: number, current: number) => ({
      disabled: false,
      generation,
      issuedBefore,
      current,
    });

    test('one device is revoked without the others, all of a user without other users', async () => {
      expect(await store().cutOffs(devices)).toEqual([NO_CUT_OFF, NO_CUT_OFF, NO_CUT_OFF]);
      await store().revoke({ userId: 'Ann', deviceId: 'phone', issuedBefore: T + 5 });
      expect(await store().cutOffs(devices)).toEqual([cutOff(1, T + 5, 1), cutOff(0, 0, 1), NO_CUT_OFF]);
      await store().revoke({ userId: 'Ann', issuedBefore: T + 3 });
      expect(await store().cutOffs(devices)).toEqual([cutOff(2, T + 5, 2), cutOff(2, T + 3, 2), NO_CUT_OFF]);
      await store().revoke({ userId: 'Ann', issuedBefore: T + 9 });
      expect(await store().cutOffs(devices)).toEqual([cutOff(3, T + 9, 3), cutOff(3, T + 9, 3), NO_CUT_OFF]);
      await store().revoke({ userId: 'Ann', deviceId: 'web', issuedBefore: T + 10 });
      expect(await store().cutOffs(devices)).toEqual([cutOff(3, T + 9, 4), cutOff(4, T + 10, 4), NO_CUT_OFF]);
      expect(await store().cutOffs([{ userId: 'Ann', deviceId: '' }])).toEqual([cutOff(3, T + 9, 4)]);
      await store().ping();
    });

    test('a revocation never moves back, and one whose clock went back ends what was issued before it all the same', async () => {
      for (const issuedBefore of [T + 5, T + 1]) {
        await store().revoke({ userId: 'Ann', deviceId: 'phone', issuedBefore });
        await store().revoke({ userId: 'ann', issuedBefore });
      }
      expect(await store().cutOffs(devices)).toEqual([cutOff(2, T + 5, 2), cutOff(0, 0, 2), cutOff(2, T + 5, 2)]);
    });

    test('of several at once each has a generation of its own', async () => {
      await Promise.all(
        Array.from({ length: 8 }, (_, i) =>
          store().revoke({ userId: 'Ann', ...(i < 4 ? { deviceId: `d${i}` } : {}), issuedBefore: T }),
        ),
      );
      const [all, ...single] = await store().cutOffs(
        ['', 'd0', 'd1', 'd2', 'd3'].map((deviceId) => ({ userId: 'Ann', deviceId })),
      );
      expect(all?.current).toBe(8);
      for (const one of single) expect(one.generation).toBeGreaterThanOrEqual(all?.generation ?? 9);
    });

    test('what no token can be older than is dropped, a few at a time; generations are never given out again', async () => {
      for (let i = 0; i < 4; i++) await store().revoke({ userId: 'Ann', deviceId: `d${i}`, issuedBefore: T + i });
      await store().revoke({ userId: 'bob', issuedBefore: T });
      expect(await store().trim(T + 3, 2)).toBe(2);
      expect(await store().trim(T + 3, 2)).toBe(1);
      expect(await store().trim(T + 3, 2)).toBe(0);
      const left = [2, 3].map((i) => ({ userId: 'Ann', deviceId: `d${i}` }));
      expect(await store().cutOffs(left)).toEqual([cutOff(0, 0, 4), cutOff(4, T + 3, 4)]);
      expect(await store().cutOffs([{ userId: 'bob', deviceId: 'phone' }])).toEqual([cutOff(1, T, 1)]);
      expect(await store().trim(T + 9, 9)).toBe(1);
      await store().revoke({ userId: 'Ann', issuedBefore: T });
      expect(await store().cutOffs(left)).toEqual([cutOff(5, T, 5), cutOff(5, T, 5)]);
    });

    test('C16: beyond the bound of single devices the oldest goes, whatever the clock said; the user’s own stays', async () => {
      const { maxRevocationsPerUser } = PEOPLE_LIMITS;
      await store().revoke({ userId: 'Ann', issuedBefore: 1 });
      for (let i = 0; i <= maxRevocationsPerUser; i++) {
        await store().revoke({ userId: 'Ann', deviceId: `d${i}`, issuedBefore: T - i });
      }
      const asked = [0, 1, maxRevocationsPerUser].map((i) => ({ userId: 'Ann', deviceId: `d${i}` }));
      const current = maxRevocationsPerUser + 2;
      expect(await store().cutOffs(asked)).toEqual([
        ...[cutOff(1, 1, current), cutOff(3, T - 1, current)],
        cutOff(current, T - maxRevocationsPerUser, current),
      ]);
    });

    test('a disabled user has no good token until enabled, and revocations stand after it', async () => {
      await store().revoke({ userId: 'Ann', deviceId: 'phone', issuedBefore: T });
      expect(await store().disable('Ann', T + 1)).toBe(true);
      expect(await store().disable('Ann', T + 2)).toBe(false);
      const isDisabled = async () => (await store().cutOffs(devices)).map(({ disabled }) => disabled);
      expect(await isDisabled()).toEqual([true, true, false]);
      expect(await store().disabled(['ann', 'Ann'])).toEqual([null, T + 1]);
      expect(await store().trim(T + 9, 10)).toBe(1);
      expect(await isDisabled()).toEqual([true, true, false]);
      await store().revoke({ userId: 'Ann', issuedBefore: T + 3 });
      expect(await store().enable('Ann')).toBe(true);
      expect(await store().enable('Ann')).toBe(false);
      expect(await store().cutOffs(devices)).toEqual([cutOff(2, T + 3, 2), cutOff(2, T + 3, 2), NO_CUT_OFF]);
      expect(await store().disabled(['Ann'])).toEqual([null]);
    });

    if (harness.reopen !== undefined) {
      test('a user stays disabled after a kill', async () => {
        await store().disable('Ann', T);
        await subject.reopen();
        expect((await store().cutOffs(devices)).map(({ disabled }) => disabled)).toEqual([true, true, false]);
      });

      test('a revocation survives a kill', async () => {
        await store().revoke({ userId: 'Ann', deviceId: 'phone', issuedBefore: T });
        await subject.reopen();
        expect(await store().cutOffs(devices)).toEqual([cutOff(1, T, 1), cutOff(0, 0, 1), NO_CUT_OFF]);
      });
    }
  });
}
