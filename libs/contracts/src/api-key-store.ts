import { API_KEY_LIMITS, type ApiKey } from '@chasqui/domain';
import type { ApiKeyStore } from '@chasqui/ports';
import { describe, expect, test } from 'vitest';
import { type Harness, subjectOf } from './harness.ts';

const T = 1_767_225_600_000;
const STEP = API_KEY_LIMITS.lastUseStepMs;
const idOf = (n: number) => n.toString(16).padStart(16, '0');
const hashOf = (n: number) => n.toString(16).padStart(64, 'a');

function keyOf(n: number, fields: Partial<ApiKey> = {}): ApiKey {
  return {
    keyId: idOf(n),
    name: `back end ${n} 好的`,
    scopes: ['users:read', 'messages:send'],
    secretHash: hashOf(n),
    formerHash: '',
    formerUntil: 0,
    perSecond: 50,
    createdAt: T + n,
    expiresAt: 0,
    lastUsedAt: 0,
    revokedAt: 0,
    ...fields,
  };
}

/** Everything that `ApiKeyStore` promises. */
export function apiKeyStoreContract(name: string, harness: Harness<ApiKeyStore>): void {
  describe(`ApiKeyStore: ${name}`, { timeout: 60_000 }, () => {
    const subject = subjectOf(harness, (store) => [store]);
    const store = () => subject.current;

    test('keys come back as they were made, the oldest first; an unknown one is null', async () => {
      const [first, second] = [keyOf(1, { expiresAt: T + 9 }), keyOf(2, { scopes: [] })];
      expect(await store().create(second)).toBe(true);
      expect(await store().create(first)).toBe(true);
      expect(await store().get(idOf(1))).toEqual(first);
      expect(await store().get(idOf(9))).toBeNull();
      expect(await store().list()).toEqual([first, second]);
      await store().ping();
    });

    test('an id that exists is left as it is', async () => {
      await store().create(keyOf(1));
      expect(await store().create(keyOf(1, { name: 'another', secretHash: hashOf(7) }))).toBe(true);
      expect(await store().list()).toEqual([keyOf(1)]);
    });

    test('a rotation makes the secret the former one, and voids the one before', async () => {
      await store().create(keyOf(1));
      await store().create(keyOf(2));
      expect(await store().rotate({ keyId: idOf(1), secretHash: hashOf(11), formerUntil: T + 50 })).toBe(true);
      expect(await store().get(idOf(1))).toMatchObject({
        ...{ secretHash: hashOf(11), formerHash: hashOf(1), formerUntil: T + 50 },
      });
      await store().rotate({ keyId: idOf(1), secretHash: hashOf(12), formerUntil: T + 60 });
      expect(await store().get(idOf(1))).toMatchObject({
        ...{ secretHash: hashOf(12), formerHash: hashOf(11), formerUntil: T + 60 },
      });
      expect(await store().get(idOf(2))).toEqual(keyOf(2));
      expect(await store().rotate({ keyId: idOf(9), secretHash: hashOf(9), formerUntil: 0 })).toBe(false);
    });

    test('a revocation holds from its first time', async () => {
      await store().create(keyOf(1));
      await store().create(keyOf(2));
      expect(await store().revoke(idOf(1), T + 5)).toBe(true);
      expect(await store().revoke(idOf(1), T + 6)).toBe(true);
      expect(await store().revoke(idOf(9), T + 6)).toBe(false);
      expect((await store().list()).map(({ revokedAt }) => revokedAt)).toEqual([T + 5, 0]);
    });

    test('a use is noted at most once a minute, and never moves back', async () => {
      await store().create(keyOf(1));
      const lastUsedAt = async () => (await store().get(idOf(1)))?.lastUsedAt;
      for (const [at, noted] of [
        [T, T],
        [T + STEP - 1, T],
        [T + STEP, T + STEP],
        [T + 1, T + STEP],
      ] as const) {
        await store().used(idOf(1), at);
        expect(await lastUsedAt()).toBe(noted);
      }
      await store().used(idOf(9), T);
      expect(await store().list()).toHaveLength(1);
    });

    test('C16: at the bound the key that was revoked first goes; without a revoked one nothing is made', async () => {
      const { maxKeys } = API_KEY_LIMITS;
      for (let n = 1; n <= maxKeys; n++) expect(await store().create(keyOf(n))).toBe(true);
      expect(await store().create(keyOf(maxKeys + 1))).toBe(false);
      expect(await store().create(keyOf(maxKeys))).toBe(true);
      await store().revoke(idOf(5), T + 9);
      await store().revoke(idOf(3), T + 10);
      expect(await store().create(keyOf(maxKeys + 1))).toBe(true);
      expect(await store().get(idOf(5))).toBeNull();
      expect(await store().get(idOf(3))).not.toBeNull();
      expect(await store().list()).toHaveLength(maxKeys);
    });

    if (harness.reopen !== undefined) {
      test('a revocation and a rotation survive a kill', async () => {
        await store().create(keyOf(1));
        await store().rotate({ keyId: idOf(1), secretHash: hashOf(11), formerUntil: T });
        await store().revoke(idOf(1), T + 5);
        await subject.reopen();
        expect(await store().get(idOf(1))).toEqual(
          keyOf(1, { secretHash: hashOf(11), formerHash: hashOf(1), formerUntil: T, revokedAt: T + 5 }),
        );
      });
    }
  });
}
