import type { UserRecord, UserStore } from '@chasqui/ports';
import { describe, expect, test } from 'vitest';
import { type Harness, subjectOf } from './harness.ts';

const ann: UserRecord = {
  userId: 'Ann.B+1@example.org',
  passwordHash: '$scrypt$ln=15$c2FsdA$aGFzaA',
  displayName: '安 👩‍🚀 O’Brien',
  createdAt: 1_767_225_600_123,
};

/** Everything that `UserStore` promises. */
export function userStoreContract(name: string, harness: Harness<UserStore>): void {
  describe(`UserStore: ${name}`, { timeout: 30_000 }, () => {
    const subject = subjectOf(harness, (store) => [store]);
    const store = () => subject.current;

    test('a created user comes back as it was given', async () => {
      expect(await store().get(ann.userId)).toBeNull();
      expect(await store().create(ann)).toBe(true);
      expect(await store().get(ann.userId)).toEqual(ann);
      await store().ping();
    });

    test('a taken id is refused and its user stays unchanged; ids differ by case', async () => {
      await store().create(ann);
      expect(await store().create({ ...ann, passwordHash: 'another', displayName: 'Eve' })).toBe(false);
      expect(await store().get(ann.userId)).toEqual(ann);
      expect(await store().get(ann.userId.toLowerCase())).toBeNull();
      expect(await store().create({ ...ann, userId: ann.userId.toLowerCase() })).toBe(true);
    });

    test('of registrations of one id at the same time one succeeds', async () => {
      const names = ['a', 'b', 'c', 'd', 'e'];
      const made = await Promise.all(names.map((displayName) => store().create({ ...ann, displayName })));
      expect(made.filter(Boolean)).toHaveLength(1);
      expect((await store().get(ann.userId))?.displayName).toBe(names[made.indexOf(true)]);
    });

    test('a password is changed from what it was, by one of those who change it at the same time, and nothing else is', async () => {
      await store().create(ann);
      expect(await store().changePassword(ann.userId, 'not it', 'new')).toBe(false);
      expect(await store().changePassword(ann.userId.toLowerCase(), ann.passwordHash, 'new')).toBe(false);
      const hashes = ['$a', '$b', '$c', '$d'];
      const made = await Promise.all(hashes.map((hash) => store().changePassword(ann.userId, ann.passwordHash, hash)));
      expect(made.filter(Boolean)).toHaveLength(1);
      expect(await store().get(ann.userId)).toEqual({ ...ann, passwordHash: hashes[made.indexOf(true)] });
    });

    test('an erased user is nobody any more, and the id stays taken, also if it was unknown', async () => {
      await store().create(ann);
      await store().create({ ...ann, userId: 'bob' });
      for (let i = 0; i < 2; i++) {
        for (const userId of [ann.userId, 'unknown']) {
          await store().erase(userId);
          expect(await store().get(userId)).toBeNull();
          expect(await store().create({ ...ann, userId })).toBe(false);
          expect(await store().changePassword(userId, ann.passwordHash, 'new')).toBe(false);
        }
      }
      expect(await store().get('bob')).toEqual({ ...ann, userId: 'bob' });
    });

    if (harness.reopen !== undefined) {
      test('C3: a created user survives a kill', async () => {
        await store().create(ann);
        await subject.reopen();
        expect(await store().get(ann.userId)).toEqual(ann);
        expect(await store().create(ann)).toBe(false);
        await store().erase(ann.userId);
        await subject.reopen();
        expect([await store().get(ann.userId), await store().create(ann)]).toEqual([null, false]);
      });
    }
  });
}
