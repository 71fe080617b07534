import { expect, test } from 'vitest';
import { ANN, BOB, BOUNDS, CAT, DAN, EVE, type GroupsHarness, groupsFixture } from './groups-fixture.ts';

/** Many changes at the same time, and how many members and groups there may be. */
export function boundTests(harness: GroupsHarness): void {
  const { store, changeOf, apply, change, create, offer, group, roles, log } = groupsFixture(harness);

  test('of a change that arrives several times at once, one is applied', async () => {
    await create([]);
    const wanted = changeOf('add', { users: [BOB, CAT] });
    const all = await Promise.all(Array.from({ length: 5 }, () => store().apply(wanted, BOUNDS)));
    expect(all.filter(({ isRepeat }) => !isRepeat)).toHaveLength(1);
    expect(all.map(({ outcome }) => outcome)).toEqual(Array(5).fill(all[0]?.outcome));
    expect(await group()).toMatchObject({ memberCount: 3, version: 2 });
    expect(await log()).toHaveLength(2);
  });

  test('changes by several at once are applied one after the other: count, version and log agree', async () => {
    await create([BOB, CAT]);
    const users = Array.from({ length: 12 }, (_, n) => `user-${n}`);
    await Promise.all([
      ...users.map((user, n) => apply('add', { users: [user, 'everybody'] }, { by: [ANN, BOB, CAT][n % 3] ?? ANN })),
      ...users.map(() => offer(ANN)),
    ]);
    const { memberCount, version } = await group();
    expect(memberCount).toBe(16);
    expect(await roles()).toHaveLength(16);
    const entries = await log();
    const versions = entries.flatMap((entry) => (entry.type === 'notice' ? [entry.version] : []));
    expect(versions).toEqual(Array.from({ length: 13 }, (_, n) => n + 1));
    expect(version).toBe(13);
    expect(entries).toHaveLength(25);
    const joined = entries.flatMap((entry) => (entry.type === 'notice' ? (entry.users ?? []) : []));
    expect(joined.filter((user) => user === 'everybody')).toHaveLength(1);
  });

  test('C16: of joins at once none goes beyond the maximum of members', async () => {
    await create([], { maxMembers: 3 });
    const users = [BOB, CAT, DAN, EVE];
    const all = await Promise.all(users.map((user) => apply('add', { users: [user] })));
    const codes = all.flatMap(({ outcome }) => (outcome.result === 'refused' ? [outcome.code] : []));
    expect(codes).toEqual(['group_full', 'group_full']);
    expect((await group()).memberCount).toBe(3);
    expect(await roles()).toHaveLength(3);
  });

  test('C16: a user joins no more groups than the server allows; dissolved and left ones do not count', async () => {
    const bounds = { ...BOUNDS, maxGroupsPerUser: 2 };
    const creation = { name: 'G', description: '', picture: '', settings: {}, members: [BOB] };
    const made = async (conversationId: string) =>
      (await store().apply(changeOf('create', creation, { conversationId, by: `owner-of-${conversationId}` }), bounds))
        .outcome;
    expect([(await made('g1')).result, (await made('g2')).result]).toEqual(['applied', 'applied']);
    expect(await made('g3')).toMatchObject({ code: 'too_many_groups', field: 'members', message: /bob/ });
    expect(await store().groups(['g3'])).toEqual([null]);
    await change('leave', {}, { conversationId: 'g1', by: BOB });
    expect((await made('g4')).result).toBe('applied');
    expect((await made('g5')).result).toBe('refused');
    await change('dissolve', {}, { conversationId: 'g2', by: 'owner-of-g2' });
    expect((await made('g6')).result).toBe('applied');
  });
}
