import { expect, test } from 'vitest';
import { ANN, BOB, CAT, DAN, EVE, type GroupsHarness, groupsFixture, TEAM } from './groups-fixture.ts';

const DAY = 24 * 3600 * 1000;

/** Who is in which group. */
export function listTests(harness: GroupsHarness): void {
  const { store, create, change, post, roles } = groupsFixture(harness);

  test('members are listed by role, then by id, page by page; also those of one role; former ones are not', async () => {
    await create(['u3', 'u1', 'u2', CAT, DAN]);
    for (const userId of ['u3', CAT]) await change('role', { userId, role: 'admin' });
    await change('remove', { users: ['u2'] });
    const all = [
      [ANN, 'owner'],
      [CAT, 'admin'],
      ['u3', 'admin'],
      [DAN, 'member'],
      ['u1', 'member'],
    ];
    expect(await roles()).toEqual(all);
    const ids = async (options: Parameters<ReturnType<typeof store>['page']>[1]) =>
      (await store().page(TEAM, options)).map(({ userId }) => userId);
    expect(await ids({ role: 'admin', limit: 10 })).toEqual([CAT, 'u3']);
    expect(await ids({ role: 'admin', after: { role: 'admin', userId: CAT }, limit: 10 })).toEqual(['u3']);
    expect(await ids({ after: { role: 'admin', userId: 'nobody-now' }, limit: 2 })).toEqual(['u3', DAN]);
    expect(await store().page('nowhere', { limit: 10 })).toEqual([]);
  });

  test('groups and members are given in the order asked for, null where there is none', async () => {
    await create([BOB]);
    await create([], {}, { conversationId: 'other', by: CAT });
    const groups = await store().groups(['other', 'nowhere', TEAM, 'other']);
    expect(groups.map((one) => one?.owner)).toEqual([CAT, undefined, ANN, CAT]);
    expect(groups[1]).toBeNull();
    await change('leave', {}, { by: BOB });
    const keys = [CAT, BOB, ANN].map((userId) => ({ conversationId: TEAM, userId }));
    expect((await store().members(keys)).map((one) => one?.userId)).toEqual([undefined, BOB, ANN]);
    expect([await store().groups([]), await store().members([]), await store().headsOf([])]).toEqual([[], [], []]);
    await store().ping();
  });

  test('memberships: current ones first, and former ones of the last 30 days', async () => {
    const now = harness.clock.now();
    for (const conversationId of ['g1', 'g2', 'g3', 'g4']) await create([BOB], {}, { conversationId });
    await change('leave', {}, { by: BOB, conversationId: 'g1', at: now - 31 * DAY });
    await change('leave', {}, { by: BOB, conversationId: 'g2', at: now - 29 * DAY });
    const ids = async (limit: number) =>
      (await store().memberships(BOB, limit)).map(({ conversationId }) => conversationId);
    const all = await ids(10);
    expect(all.slice(0, 2).sort()).toEqual(['g3', 'g4']);
    expect(all.slice(2)).toEqual(['g2']);
    expect(await ids(1)).toHaveLength(1);
    expect(await store().memberships(EVE, 10)).toEqual([]);
  });

  test('C20: stays: the groups that a user is in, each since they were last added', async () => {
    for (const conversationId of ['g1', 'g2', 'g3']) await create([BOB], {}, { conversationId });
    await change('leave', {}, { by: BOB, conversationId: 'g1' });
    await change('leave', {}, { by: BOB, conversationId: 'g2' });
    await change('add', { users: [BOB] }, { conversationId: 'g2' });
    const stays = await store().stays(BOB, 10);
    expect(stays.map(({ conversationId }) => conversationId).sort()).toEqual(['g2', 'g3']);
    for (const { conversationId, interval } of stays) {
      const [member] = await store().members([{ conversationId, userId: BOB }]);
      expect(interval).toEqual(member?.intervals.at(-1));
    }
    expect(await store().stays(BOB, 1)).toHaveLength(1);
    expect(await store().stays(EVE, 10)).toEqual([]);
  });

  test('a user’s groups, most recently updated first, page by page, since a time', async () => {
    // Later than the engine's time, which is that of each update otherwise.
    const now = harness.clock.now() + DAY;
    const names = ['g1', 'g2', 'g3', 'g4', 'g5'];
    for (const [n, conversationId] of names.entries()) await create([BOB], {}, { conversationId, at: now + n });
    await create([], {}, { conversationId: 'not-his' });
    await post(ANN, { conversationId: 'g2', sentAt: now + 100 });
    await change('update', { name: 'New' }, { conversationId: 'g4', at: now + 100 });
    const seen: string[] = [];
    for (let pages = 0, before: { updatedAt: number; conversationId: string } | undefined; pages < 9; pages++) {
      const page = await store().heads(BOB, { ...(before && { before }), limit: 2 });
      seen.push(...page.map((one) => one.group.conversationId));
      before = page.at(-1)?.group;
      if (page.length < 2) break;
    }
    expect(seen).toEqual(['g4', 'g2', 'g5', 'g3', 'g1']);
    const since = async (at: number) =>
      (await store().heads(BOB, { since: at, limit: 9 })).map((one) => one.group.conversationId);
    expect(await since(now + 4)).toEqual(['g4', 'g2', 'g5']);
    expect(await since(now + 100)).toEqual(['g4', 'g2']);
    expect(await since(now + 101)).toEqual([]);
  });

  test('what waited long before it was recorded is among what was updated since', async () => {
    await create([BOB], {}, { at: harness.clock.now() });
    await harness.advance(20);
    const before = harness.clock.now();
    await harness.advance(20);
    const since = async () => (await store().heads(BOB, { since: before + 1, limit: 9 })).length;
    expect(await since()).toBe(0);
    await post(ANN, { sentAt: before - DAY });
    expect(await since()).toBe(1);
    await create([BOB], {}, { conversationId: 'other', at: before - DAY });
    expect(await since()).toBe(2);
  });
}
