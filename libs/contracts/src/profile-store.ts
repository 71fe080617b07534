import { initialProfile, PEOPLE_LIMITS, type Profile } from '@chasqui/domain';
import type { ProfileStore } from '@chasqui/ports';
import { describe, expect, test } from 'vitest';
import { type Harness, subjectOf } from './harness.ts';

function profile(userId: string, displayName: string, fields: Partial<Profile> = {}): Profile {
  return { ...initialProfile(userId, displayName), version: 1, updatedAt: 1_767_225_600_123, ...fields };
}

const ann = profile('Ann.B+1@example.org', '安 👩‍🚀 O’Brien', {
  avatar: `https://example.org/${'a'.repeat(2_000)}`,
  locale: 'zh-Hant-TW',
  notifications: {
    enabled: false,
    showText: true,
    quietHours: { from: '22:30', to: '07:00', timeZone: 'America/Argentina/Buenos_Aires' },
  },
  privacy: { presence: 'nobody', lastSeen: 'everyone', discoverable: true },
});

/** Everything that `ProfileStore` promises. */
export function profileStoreContract(name: string, harness: Harness<ProfileStore>): void {
  describe(`ProfileStore: ${name}`, { timeout: 30_000 }, () => {
    const subject = subjectOf(harness, (store) => [store]);
    const store = () => subject.current;
    const found = async (text: string, limit = 10) => (await store().search(text, limit)).map(({ userId }) => userId);

    test('profiles are listed in the order of their user ids, page by page', async () => {
      for (const userId of ['bob', 'Ann', 'cat', 'ann']) await store().put(profile(userId, 'A name', { bot: true }));
      const ids = async (after: string, limit: number) =>
        (await store().page(after, limit)).map(({ userId }) => userId);
      expect(await ids('', 2)).toEqual(['Ann', 'ann']);
      expect(await ids('ann', 2)).toEqual(['bob', 'cat']);
      expect(await ids('cat', 2)).toEqual([]);
      expect((await store().page('', 9))[0]).toEqual(profile('Ann', 'A name', { bot: true }));
    });

    test('a profile comes back as it was given, in the order asked', async () => {
      const bob = profile('bob', 'Bob');
      expect(await store().get([ann.userId, 'bob'])).toEqual([null, null]);
      expect(await store().put(ann)).toBe(true);
      expect(await store().put(bob)).toBe(true);
      expect(await store().get(['bob', 'nobody', ann.userId, ann.userId.toLowerCase()])).toEqual([
        bob,
        null,
        ann,
        null,
      ]);
      await store().ping();
    });

    test('a version that does not follow the kept one changes nothing', async () => {
      expect(await store().put({ ...ann, version: 2 })).toBe(false);
      expect(await store().get([ann.userId])).toEqual([null]);
      await store().put(ann);
      for (const version of [0, 1, 3]) expect(await store().put({ ...ann, displayName: 'Eve', version })).toBe(false);
      expect(await store().get([ann.userId])).toEqual([ann]);
      const second = profile(ann.userId, 'Ann', { version: 2, updatedAt: 2 });
      expect(await store().put(second)).toBe(true);
      expect(await store().get([ann.userId])).toEqual([second]);
    });

    test('of writes of one version at the same time one succeeds', async () => {
      await store().put(ann);
      const names = ['a', 'b', 'c', 'd', 'e'];
      const kept = await Promise.all(names.map((displayName) => store().put({ ...ann, displayName, version: 2 })));
      expect(kept.filter(Boolean)).toHaveLength(1);
      expect((await store().get([ann.userId]))[0]?.displayName).toBe(names[kept.indexOf(true)]);
    });

    test('users are found by the beginning of each word of name and id, in any order and case', async () => {
      for (const one of [
        profile('u1', 'Ann Öberg'),
        profile('u2', 'Anna Ober'),
        profile('u3', 'Bob'),
        profile('ann.z', 'Zoë'),
      ])
        await store().put(one);
      expect((await found('aN')).sort()).toEqual(['ann.z', 'u1', 'u2']);
      expect((await found('öb ANN')).sort()).toEqual(['u1', 'u2']);
      expect(await found('Z an')).toEqual(['ann.z']);
      expect(await found('nn')).toEqual([]);
      expect(await found('bob ann')).toEqual([]);
      for (const nothing of ['', '%', '_', '  ', '👩‍🚀', "'"]) expect(await found(nothing)).toEqual([]);
      expect(await store().search('zoe', 10)).toEqual([profile('ann.z', 'Zoë')]);
    });

    test('Chinese, Japanese and Korean names are found by any part', async () => {
      for (const one of [profile('u1', '欧阳娜娜'), profile('u2', '김연아'), profile('u3', 'あきら')])
        await store().put(one);
      for (const part of ['欧阳', '阳娜', '娜', '欧阳娜娜']) expect(await found(part)).toEqual(['u1']);
      expect(await found('연아')).toEqual(['u2']);
      expect(await found('きら')).toEqual(['u3']);
      expect(await found('阳欧')).toEqual([]);
    });

    test('names are found without accents and vowel signs, whatever the case; Thai names by any part', async () => {
      const names = ['José Núñez', 'İrem Işık', 'مُحَمَّد', 'Groß', 'นภาพร', 'soft\u00adname', 'Ｗｉｄｅ'];
      for (const [at, name] of names.entries()) await store().put(profile(`u${at}`, name));
      const queries = ['jose nu', 'JOSÉ', 'irem isik', 'محمد', 'gross', 'GROẞ', 'ภาพร', 'softn', 'wide'];
      const users = ['u0', 'u0', 'u1', 'u2', 'u3', 'u3', 'u4', 'u5', 'u6'];
      expect(await Promise.all(queries.map((query) => found(query)))).toEqual(users.map((user) => [user]));
    });

    test('a user whose id is the very text comes first; a search finds no more than it was asked for', async () => {
      const { maxUsersFound } = PEOPLE_LIMITS;
      for (let i = 0; i < maxUsersFound + 5; i++) await store().put(profile(`an${i}`, `An ${i}`));
      await store().put(profile('an', 'Zoe'));
      const all = await found('an', maxUsersFound);
      expect(new Set(all).size).toBe(maxUsersFound);
      expect(all[0]).toBe('an');
      expect(await found('an', maxUsersFound)).toEqual(all);
      expect((await found('an7', 1))[0]).toBe('an7');
    });

    test('who changes the name is found by the new one alone; who hides is found by nothing', async () => {
      await store().put(profile('u1', 'Ann'));
      await store().put(profile('u1', 'Beth', { version: 2 }));
      expect(await found('ann')).toEqual([]);
      expect(await found('beth')).toEqual(['u1']);
      const { privacy } = profile('u1', '');
      await store().put(profile('u1', 'Beth', { version: 3, privacy: { ...privacy, discoverable: false } }));
      expect(await found('beth')).toEqual([]);
      expect(await found('u1')).toEqual([]);
    });

    test('a removed profile is found by nothing, and its user may begin another', async () => {
      await store().put(profile('u1', 'Ann'));
      await store().put(profile('u2', 'Ann', { version: 1 }));
      for (let i = 0; i < 2; i++) await store().remove('u1');
      expect(await store().get(['u1'])).toEqual([null]);
      expect(await found('ann')).toEqual(['u2']);
      expect(await store().page('', 9)).toHaveLength(1);
      expect(await store().put(profile('u1', 'Beth'))).toBe(true);
      expect(await found('beth')).toEqual(['u1']);
    });

    if (harness.reopen !== undefined) {
      test('a kept profile survives a kill, and is found', async () => {
        await store().put(ann);
        await subject.reopen();
        expect(await store().get([ann.userId])).toEqual([ann]);
        expect(await found('o brien')).toEqual([ann.userId]);
      });
    }
  });
}
