import { defined, type Group, groupLog } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { ANN, BOB, CAT, EVE, type GroupsHarness, groupsFixture, TEAM } from './groups-fixture.ts';

/** Changes of groups: what is written for them, once, in the order of the group's log. */
export function changeTests(harness: GroupsHarness): void {
  const { store, logs, change, create, post, member, group, roles, log, inbox } = groupsFixture(harness);

  test('C18: a group begins with a notice in its log, and an update in the inbox of everybody in it', async () => {
    const at = harness.clock.now();
    const { outcome, notice, told, isRepeat } = await create([BOB, CAT, BOB], { history: 'since_join' }, { at });
    expect(isRepeat).toBe(false);
    expect(outcome.users).toEqual([ANN, BOB, CAT]);
    expect(outcome.group).toMatchObject({
      conversationId: TEAM,
      owner: ANN,
      memberCount: 3,
      version: 1,
      createdAt: at,
    });
    expect(await group()).toEqual(outcome.group);
    expect(outcome.group.settings).toMatchObject({ history: 'since_join', post: 'all', maxMembers: 100 });
    const created = { type: 'notice', conversationId: TEAM, notice: 'created', by: ANN, users: [BOB, CAT], version: 1 };
    expect(notice).toEqual({ ...created, at, position: 1 });
    expect(await log()).toEqual([notice]);
    expect(told.map(({ userId }) => userId)).toEqual([ANN, BOB, CAT]);
    for (const { userId, entry } of told) {
      expect(entry).toMatchObject({ type: 'membership', event: 'added', by: ANN, version: 1, position: 1 });
      expect(await inbox(userId)).toEqual([entry]);
    }
    expect(await member(BOB)).toEqual({
      conversationId: TEAM,
      userId: BOB,
      role: 'member',
      joinedAt: at,
      mutedUntil: 0,
      intervals: [{ after: 0, afterId: '' }],
      leftAt: 0,
      wasRemoved: false,
    });
    expect(await roles()).toEqual([
      [ANN, 'owner'],
      [BOB, 'member'],
      [CAT, 'member'],
    ]);
  });

  test('all groups are listed page by page, each once, dissolved ones too', async () => {
    const ids = ['m', 'a', 'z', 'b', TEAM];
    for (const conversationId of ids) await create([], {}, { conversationId });
    await change('dissolve', {}, { conversationId: 'a' });
    const found: Group[] = [];
    for (let after: string | undefined, calls = 0; calls === 0 || after !== undefined; calls++) {
      const page = await store().all({ ...defined({ after }), limit: 2 });
      expect(page.groups.length).toBeLessThanOrEqual(2);
      expect(page.next ?? '').toMatch(/^[\w.:-]{0,64}$/);
      found.push(...page.groups);
      after = page.next;
    }
    expect(found.map(({ conversationId }) => conversationId).sort()).toEqual(ids.sort());
    expect(found).toEqual(await store().groups(found.map(({ conversationId }) => conversationId)));
    expect(found.find(({ conversationId }) => conversationId === 'a')?.dissolvedAt).not.toBe(0);
    expect(await store().all({ limit: 5 })).not.toHaveProperty('next');
  });

  test('each change is a notice at its place among the messages, and raises the version', async () => {
    await create();
    await post(ANN);
    await change('update', { name: 'New', settings: { post: 'admins' } });
    await change('role', { userId: BOB, role: 'admin' });
    await post(BOB);
    await change('mute', { userId: CAT, until: harness.clock.now() + 60_000 }, { by: BOB });
    await change('transfer', { userId: BOB });
    await change('remove', { users: [CAT] }, { by: BOB });
    await change('leave', {});
    await change('dissolve', {}, { by: BOB });
    const entries = await log();
    expect(entries.map((entry) => (entry.type === 'notice' ? entry.notice : entry.type))).toEqual([
      ...['created', 'message', 'updated', 'role', 'message', 'muted', 'owner', 'removed', 'left', 'dissolved'],
    ]);
    const versions = entries.flatMap((entry) => (entry.type === 'notice' ? [entry.version] : []));
    expect(versions).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(await group()).toMatchObject({ name: 'New', owner: BOB, memberCount: 1, version: 8 });
    expect((await group()).dissolvedAt).toBeGreaterThan(0);
    const told = (await inbox(CAT)).map((entry) => entry.type === 'membership' && entry.event);
    expect(told).toEqual(['added', 'muted', 'removed']);
    const roles = (await inbox(BOB)).flatMap((entry) => (entry.type === 'membership' ? [entry.role] : []));
    expect(roles).toEqual(['member', 'admin', 'owner', 'owner']);
  });

  test('C18: a stay is bounded by its notices, by position and by id', async () => {
    await create();
    const first = await post(ANN);
    await change('remove', { users: [BOB] });
    const second = await post(ANN);
    await change('add', { users: [BOB] });
    expect((await member(BOB))?.intervals).toEqual([
      { after: 0, afterId: '', upTo: 3, upToId: first.messageId },
      { after: 4, afterId: second.messageId },
    ]);
  });

  test('what changes nothing is applied and leaves no trace', async () => {
    await create();
    const before = [await log(), await group()];
    for (const applied of [
      await change('add', { users: [BOB, ANN] }),
      await change('remove', { users: [EVE] }),
      await change('role', { userId: BOB, role: 'member' }),
      await change('update', { name: 'Team' }),
      await change('unlink', { linkId: 'none' }),
    ]) {
      expect(applied).toMatchObject({ outcome: { users: [] }, notice: null, told: [] });
    }
    expect([await log(), await group()]).toEqual(before);
  });

  test('C10: a group’s log is a log like any: it has an epoch, is trimmed, and goes on at its head', async () => {
    await create();
    await post(ANN);
    await harness.advance(30);
    const cut = harness.clock.now();
    await harness.advance(30);
    await logs().trim(cut, 100);
    expect(await logs().page(groupLog(TEAM), 0, 10)).toMatchObject({ entries: [], head: 2, floor: 2 });
    expect((await change('leave', {}, { by: BOB })).notice?.position).toBe(3);
    expect((await member(BOB))?.intervals[0]?.upTo).toBe(3);
  });
}
