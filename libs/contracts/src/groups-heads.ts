import { expect, test } from 'vitest';
import { ANN, BOB, CAT, EVE, type GroupsHarness, groupsFixture, TEAM } from './groups-fixture.ts';

/** Heads of groups: what a member's list shows, and what it shows to former members. */
export function headTests(harness: GroupsHarness): void {
  const { store, create, change, post, head, read, member, roles, group } = groupsFixture(harness);

  test('a head has the group, the member, the place in the log, the mark and the counts', async () => {
    await create();
    const first = await post(ANN);
    await post(CAT, { mentions: [BOB] });
    await read(BOB, first.messageId, 7);
    const found = await head(BOB);
    expect(found).toEqual({
      group: await group(),
      member: await member(BOB),
      head: 3,
      epoch: found.epoch,
      read: { upTo: first.messageId, at: 7, node: 'node-7' },
      unread: 1,
      mentions: 1,
    });
    expect(found.epoch).toMatch(/./);
    expect(await store().heads(BOB, { limit: 9 })).toEqual([found]);
    const keys = [EVE, BOB].map((userId) => ({ conversationId: TEAM, userId }));
    expect(await store().headsOf(keys)).toEqual([null, found]);
  });

  test('C20: to former members a group ends with their stay: no count, no later message, no later time', async () => {
    await create();
    const seen = await post(ANN, { text: 'seen' });
    const at = harness.clock.now() + 1_000;
    await change('remove', { users: [BOB] }, { at });
    // The text that the last message has now may be a later edit.
    expect((await head(BOB)).group).toMatchObject({ lastMessageId: seen.messageId, preview: '' });
    await post(ANN, { text: 'secret', mentions: 'all', sentAt: at + 5_000 });
    const found = await head(BOB);
    expect(found).toMatchObject({ head: 3, unread: 0, mentions: 0 });
    const { lastMessageId, lastFrom, preview, updatedAt } = found.group;
    expect([lastMessageId, lastFrom, preview, updatedAt]).toEqual([seen.messageId, '', '', at]);
    expect(await store().heads(BOB, { limit: 9 })).toEqual([found]);
    expect(await store().heads(BOB, { since: at + 1, limit: 9 })).toEqual([]);
  });

  test('C20: former members see the profile, the number of members and the settings of their last day', async () => {
    await create([BOB, CAT], { history: 'since_join' });
    await post(ANN, { text: 'old' });
    await change('remove', { users: [BOB] });
    const seen = (await head(BOB)).group;
    expect(seen).toMatchObject({ name: (await group()).name, memberCount: 2, version: (await group()).version });
    await change('update', { name: 'secret', description: 'secret', picture: 'secret', settings: { history: 'all' } });
    await change('remove', { users: [CAT] });
    expect((await head(BOB)).group).toEqual(seen);
    expect((await head(CAT)).group).toMatchObject({ name: 'secret', memberCount: 1 });
    await change('add', { users: [BOB] });
    expect((await head(BOB)).group).toEqual(await group());
  });

  test('C20: to a newcomer who may not see what was before, the group has no last message', async () => {
    await create([BOB], { history: 'since_join' });
    const old = await post(ANN, { text: 'secret' });
    await change('add', { users: [CAT] });
    expect((await head(CAT)).group).toMatchObject({ lastMessageId: '', lastFrom: '', preview: '' });
    expect((await head(BOB)).group).toMatchObject({ lastMessageId: old.messageId, lastFrom: ANN, preview: 'secret' });
    const fresh = await post(ANN, { text: 'hi' });
    expect((await head(CAT)).group).toMatchObject({ lastMessageId: fresh.messageId, preview: 'hi' });
  });

  test('C20: mattermost: whoever left is told as a former member wherever memberships are read', async () => {
    await create();
    await change('leave', {}, { by: CAT });
    const [membership] = await store().memberships(CAT, 10);
    expect(membership?.leftAt).toBeGreaterThan(0);
    expect(membership?.intervals.at(-1)?.upTo).toBe(2);
    expect(await member(CAT)).toEqual(membership);
    expect((await roles()).map(([user]) => user)).not.toContain(CAT);
  });
}
