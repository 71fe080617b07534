import { initialProfile, memberOrder } from '@chasqui/domain';
import type { NamedMember, NamePlace, WordPlace } from '@chasqui/ports';
import { expect, test } from 'vitest';
import { ANN, BOB, CAT, DAN, EVE, type GroupsHarness, groupsFixture, TEAM } from './groups-fixture.ts';

/** Members by their names. */
export function memberNameTests(harness: GroupsHarness): void {
  const { store, profiles, create, change, changeOf } = groupsFixture(harness);

  /** Gives a user a name, as `PATCH /api/users/me` does. */
  const rename = async (userId: string, displayName: string) => {
    const [before] = await profiles().get([userId]);
    const profile = { ...(before ?? initialProfile(userId)), displayName, version: (before?.version ?? 0) + 1 };
    expect(await profiles().put(profile)).toBe(true);
  };
  const placeOf = ({ member: { role, userId }, displayName }: NamedMember): NamePlace => {
    return { role, order: memberOrder(displayName), userId };
  };
  /** All names, in pages of two. */
  async function names(options: { role?: 'admin' | 'member' } = {}): Promise<string[]> {
    const all: NamedMember[] = [];
    for (let after: NamePlace | undefined; ; ) {
      const page = await store().byName(TEAM, { ...options, ...(after && { after }), limit: 2 });
      all.push(...page);
      const last = page.at(-1);
      if (page.length < 2 || last === undefined) return all.map(({ displayName }) => displayName);
      after = placeOf(last);
    }
  }
  /** The ids of those found, in pages of `limit`. */
  async function found(text: string, options: { role?: 'admin'; limit?: number } = {}): Promise<string[]> {
    const all: string[] = [];
    for (let after: WordPlace | undefined, pages = 0; pages < 99; pages++) {
      const { members, next } = await store().find(TEAM, { limit: 2, ...options, text, ...(after && { after }) });
      all.push(...members.map(({ member }) => member.userId));
      if (next === undefined) return all;
      after = next;
    }
    return expect.fail('no last page');
  }

  test('who has no profile any more is called by their id again', async () => {
    await rename(BOB, 'Zoë');
    await create([BOB]);
    expect(await names()).toEqual([ANN, 'Zoë']);
    await profiles().remove(BOB);
    expect(await names()).toEqual([ANN, BOB]);
    expect([await found('zo'), await found(BOB)]).toEqual([[], [BOB]]);
  });

  test('members are listed by role, then by name without case and accents, then by id, page by page', async () => {
    await rename(BOB, 'Zoë');
    await rename(CAT, 'émile');
    await create([BOB, CAT, DAN, EVE]);
    await rename(DAN, 'Emil');
    await rename(EVE, '李娜');
    expect(await names()).toEqual([ANN, 'Emil', 'émile', 'Zoë', '李娜']);
    await change('role', { userId: BOB, role: 'admin' });
    expect(await names()).toEqual([ANN, 'Zoë', 'Emil', 'émile', '李娜']);
    expect([await names({ role: 'admin' }), await names({ role: 'member' })]).toEqual([
      ['Zoë'],
      ['Emil', 'émile', '李娜'],
    ]);
    for (const userId of [DAN, CAT]) await rename(userId, 'Same');
    expect((await store().byName(TEAM, { role: 'member', limit: 2 })).map(({ member }) => member.userId)).toEqual([
      CAT,
      DAN,
    ]);
    expect(await store().byName('nowhere', { limit: 2 })).toEqual([]);
  });

  test('names beyond the basic plane are in the order of their code points, on every engine', async () => {
    await create([BOB, CAT, DAN]);
    await rename(BOB, '😀');
    await rename(CAT, '￮');
    await rename(DAN, '\u{20000}');
    expect(await names()).toEqual([ANN, '￮', '😀', '\u{20000}']);
  });

  test('a name is that of now in every group, of who left that of then, and of who returns that of now', async () => {
    await create([BOB, CAT]);
    await rename(BOB, 'First');
    await change('leave', {}, { by: CAT });
    await rename(BOB, 'Second');
    await rename(CAT, 'Cathy');
    expect(await names()).toEqual([ANN, 'Second']);
    expect([await found('first'), await found('second'), await found('cat')]).toEqual([[], [BOB], []]);
    await change('add', { users: [CAT] });
    expect([await names(), await found('cath')]).toEqual([[ANN, 'Cathy', 'Second'], [CAT]]);
    await change('remove', { users: [BOB] });
    expect([await names(), await found('second')]).toEqual([[ANN, 'Cathy'], []]);
  });

  test('a member is found by the beginnings of words of their name and id, once, also if nobody else can find them', async () => {
    await create(['u1', 'u2', 'u3', EVE]);
    await rename('u1', 'José Núñez');
    await rename('u2', 'Nunez Nuno');
    await rename('u3', 'dr娜娜李');
    const [profile] = await profiles().get(['u3']);
    if (profile == null) return expect.fail('no profile');
    await profiles().put({ ...profile, version: 2, privacy: { ...profile.privacy, discoverable: false } });
    expect(await found('NU')).toEqual(['u1', 'u2']);
    expect(await found('nu jo')).toEqual(['u1']);
    expect(await found('nun', { limit: 1 })).toEqual(['u1', 'u2']);
    expect([await found('娜李'), await found('DR'), await found('u3')]).toEqual([['u3'], ['u3'], ['u3']]);
    expect([await found('ez'), await found('%'), await found('nobody')]).toEqual([[], [], []]);
    await change('role', { userId: 'u2', role: 'admin' });
    expect(await found('nu', { role: 'admin' })).toEqual(['u2']);
    expect(await store().find('nowhere', { text: 'nu', limit: 2 })).toEqual({ members: [] });
  });

  test('C16: a search reads a bounded number of words a page, and misses nobody behind them', async () => {
    const bounds = { maxGroupMembers: 5_000, maxGroupsPerUser: 20 };
    const users = Array.from({ length: 1_100 }, (_, n) => `many-${n}`);
    const apply = async (...of: Parameters<typeof changeOf>) => {
      expect((await store().apply(changeOf(...of), bounds)).outcome).toMatchObject({ result: 'applied' });
    };
    await apply('create', { name: 'Team', description: '', picture: '', settings: {}, members: [] });
    for (let start = 0; start < users.length; start += 500) {
      await apply('add', { users: users.slice(start, start + 500) });
    }
    // The last by id. All have the word `many`, which leads, as it is the longest.
    await rename('many-999', 'Zz');
    expect(await found('many zz')).toEqual(['many-999']);
    expect(await found('many', { limit: 400 })).toHaveLength(1_100);
  });
}
