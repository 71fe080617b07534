import type { GroupHead } from '@chasqui/ports';
import { expect, test } from 'vitest';
import { ANN, BOB, BOUNDS, CAT, type GroupsHarness, groupsFixture } from './groups-fixture.ts';

const DAY = 24 * 3600 * 1000;
const ORDER = ['g0', 'g1', 'g2', 'g3', 'g4', 'g5', 'g6'];

/** Lists of groups that have some that were left in them. */
export function leftGroupTests(harness: GroupsHarness): void {
  const { store, create, change, changeOf, post, head, member, group, roles, log, inbox, counts } =
    groupsFixture(harness);

  async function mixed(now: number): Promise<void> {
    const times = [3, 4, 2, 2, 2, 9, 2];
    for (const [n, conversationId] of ORDER.entries()) {
      const isLeft = n % 2 === 0;
      const at = now + (times[n] ?? 0);
      await create([BOB], {}, { conversationId, at: isLeft ? now : at });
      if (isLeft) await change('leave', {}, { by: BOB, conversationId, at });
    }
  }

  test('groups that a user is in and has left are one list, newest first, page by page, since a time', async () => {
    // Later than the engine's time, which is that of each update otherwise.
    const now = harness.clock.now() + DAY;
    await mixed(now);
    const ids = (heads: GroupHead[]) => heads.map(({ group }) => group.conversationId);
    const all = ['g5', 'g1', 'g0', 'g6', 'g4', 'g3', 'g2'];
    expect(ids(await store().heads(BOB, { limit: 20 }))).toEqual(all);
    for (const limit of [1, 2, 3, 7]) {
      const seen: string[] = [];
      for (let before: GroupHead['group'] | undefined; ; ) {
        const page = await store().heads(BOB, { ...(before && { before }), limit });
        seen.push(...ids(page));
        before = page.at(-1)?.group;
        if (page.length < limit) break;
      }
      expect(seen).toEqual(all);
    }
    expect(ids(await store().heads(BOB, { since: now + 3, limit: 20 }))).toEqual(all.slice(0, 3));
    const before = { updatedAt: now + 3, conversationId: 'g0' };
    expect(ids(await store().heads(BOB, { since: now + 2, before, limit: 2 }))).toEqual(['g6', 'g4']);
  });

  test('memberships: of former ones those that ended last, also if more are left than are asked for', async () => {
    const now = harness.clock.now();
    await mixed(now);
    await change('leave', {}, { by: BOB, conversationId: 'g5', at: now - 31 * DAY });
    const ids = async (limit: number) =>
      (await store().memberships(BOB, limit)).map(({ conversationId }) => conversationId);
    const all = await ids(20);
    expect(all.slice(0, 2).sort()).toEqual(['g1', 'g3']);
    expect(all[2]).toBe('g0');
    expect(all.slice(3).sort()).toEqual(['g2', 'g4', 'g6']);
    expect((await ids(3)).toSorted()).toEqual(['g0', 'g1', 'g3']);
  });

  test('C16: of more groups than are asked for, those that exist are read', async () => {
    for (const conversationId of ['g1', 'g2', 'g3', 'g4']) await create([BOB], {}, { conversationId });
    for (const conversationId of ['g1', 'g3']) await change('dissolve', {}, { conversationId });
    for (const read of [store().stays, store().memberships]) {
      const ids = async (limit: number) => (await read(BOB, limit)).map(({ conversationId }) => conversationId);
      expect((await ids(10)).sort()).toEqual(['g1', 'g2', 'g3', 'g4']);
      expect((await ids(2)).sort()).toEqual(['g2', 'g4']);
    }
  });

  /** The ids of a user’s groups, read one by one. */
  async function listOf(userId: string, unlisted: boolean): Promise<string[]> {
    const ids: string[] = [];
    for (let before: GroupHead['group'] | undefined; ; ) {
      const [head] = await store().heads(userId, { ...(before && { before }), unlisted, limit: 1 });
      if (head === undefined) return ids.sort();
      before = head.group;
      ids.push(before.conversationId);
    }
  }

  test('a dissolved group that a member leaves is in none of their lists any more, and stays as it is for the others', async () => {
    const groups = ['g1', 'g3', 'team'];
    for (const conversationId of groups) await create([BOB, CAT], {}, { conversationId });
    await post(ANN);
    await change('leave', {}, { by: CAT });
    for (const conversationId of ['g1', 'team']) await change('dissolve', {}, { conversationId });
    const [before, entries] = [await group(), await log()];
    const leave = changeOf('leave', {}, { by: BOB, at: 1 });
    expect(await store().apply(leave, BOUNDS)).toMatchObject({
      ...{ outcome: { result: 'applied', users: [BOB] }, notice: null, isRepeat: false },
      told: [{ userId: BOB, entry: { type: 'membership', event: 'unlisted', version: before.version } }],
    });
    expect(await store().apply(leave, BOUNDS)).toMatchObject({ outcome: { users: [BOB] }, told: [], isRepeat: true });
    await change('leave', {});
    expect([await log(), await group()]).toEqual([entries, { ...before, memberCount: 0 }]);
    expect([await roles(), (await inbox(BOB)).at(-1)]).toMatchObject([[], { event: 'unlisted' }]);
    for (const user of [ANN, BOB, CAT]) {
      const lists = [await listOf(user, false), await listOf(user, true)];
      expect([user, ...lists]).toEqual([user, user === CAT ? groups : ['g1', 'g3'], groups]);
    }
    const stays = await store().stays(BOB, 10);
    expect(stays.map(({ conversationId }) => conversationId).sort()).toEqual(['g1', 'g3']);
    expect([await counts(BOB), (await store().unread([BOB]))[0]?.total]).toEqual([[[0, 0]], 0]);
    // What was there until then can still be read.
    expect([(await head(BOB)).head, (await member(BOB))?.intervals]).toEqual([
      entries.length,
      [{ after: 0, afterId: '', upTo: entries.length, upToId: before.lastMessageId }],
    ]);
  });
}
