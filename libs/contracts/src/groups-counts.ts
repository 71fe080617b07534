import { expect, test } from 'vitest';
import { ANN, BOB, CAT, DAN, EVE, type GroupsHarness, groupsFixture, TEAM } from './groups-fixture.ts';

/** Unread and mention counts. */
export function countTests(harness: GroupsHarness): void {
  const { store, samples, conversations, create, change, post, offer, mention, read, counts } = groupsFixture(harness);

  test('C21: each message counts for every member but its sender, and is no row of theirs', async () => {
    await create();
    expect(await counts(ANN, BOB, CAT)).toEqual(Array(3).fill([0, 0]));
    await post(ANN);
    await post(ANN);
    await post(BOB);
    expect(await counts(ANN, BOB, CAT, EVE)).toEqual([[1, 0], [2, 0], [3, 0], null]);
  });

  test('C21: mentions count by name and of all, once, never one’s own, and only after the mark', async () => {
    await create();
    await mention(ANN, [BOB, ANN]);
    await mention(ANN, 'all');
    const third = await post(CAT, { mentions: [BOB] });
    await mention(BOB, [CAT]);
    expect(await counts(ANN, BOB, CAT)).toEqual([
      [2, 0],
      [3, 3],
      [3, 2],
    ]);
    await read(BOB, third.messageId);
    await read(CAT, third.messageId);
    expect(await counts(ANN, BOB, CAT)).toEqual([
      [2, 0],
      [0, 0],
      [1, 1],
    ]);
    await mention(ANN, 'all');
    expect(await counts(ANN, BOB, CAT)).toEqual([
      [2, 0],
      [1, 1],
      [2, 2],
    ]);
  });

  test('C21: the counts of several users in all their groups are one read; without groups that they have left', async () => {
    await create();
    await create([BOB], {}, { conversationId: 'other' });
    await create([BOB], {}, { conversationId: '__proto__' });
    await create([BOB], {}, { conversationId: 'quiet' });
    await create([BOB], {}, { conversationId: 'left' });
    for (const conversationId of [TEAM, 'other', 'left', '__proto__'])
      await offer(ANN, { conversationId, mentions: [BOB] });
    await offer(ANN);
    await change('leave', {}, { by: BOB, conversationId: 'left' });
    const none = { total: 0, byConversation: {}, mentions: {} };
    expect(await store().unread([CAT, EVE, BOB, ANN])).toEqual([
      { total: 2, byConversation: { [TEAM]: 2 }, mentions: {} },
      none,
      {
        total: 4,
        byConversation: { [TEAM]: 2, other: 1, ['__proto__']: 1 },
        mentions: { [TEAM]: 1, other: 1, ['__proto__']: 1 },
      },
      none,
    ]);
    expect(await store().unread([])).toEqual([]);
  });

  test('C21: who is not a member is not mentioned, and does not find a mention after joining', async () => {
    await create([BOB]);
    await mention(ANN, [CAT, DAN]);
    await change('add', { users: [CAT] });
    expect(await counts(CAT)).toEqual([[0, 0]]);
    await mention(ANN, [CAT]);
    expect(await counts(BOB, CAT)).toEqual([
      [2, 0],
      [1, 1],
    ]);
  });

  test('C21: copies, conflicts and refused messages count for nobody', async () => {
    await create();
    const first = await post(ANN, { mentions: 'all' });
    await conversations().record([first, { ...first, messageId: samples.nextId() }]);
    await offer(ANN, { clientMessageId: first.clientMessageId, text: 'another' });
    await offer(EVE, { mentions: [BOB] });
    expect(await counts(BOB)).toEqual([[1, 1]]);
  });

  test('C21: a recalled message stays counted', async () => {
    await create();
    const { messageId, conversationId, audience } = await post(ANN, { mentions: [BOB] });
    await conversations().act([
      {
        ...{ action: 'recall', revision: 1, by: ANN, at: 1 },
        ...{ conversationId, messageId, audience },
      },
    ]);
    expect(await counts(BOB, CAT)).toEqual([
      [1, 1],
      [1, 0],
    ]);
    await read(BOB, messageId);
    expect(await counts(BOB)).toEqual([[0, 0]]);
  });

  test('C21: element-web: muting a member suppresses none of their unread messages', async () => {
    await create();
    await change('mute', { userId: BOB, until: harness.clock.now() + 60_000 });
    const first = await post(ANN, { mentions: [BOB] });
    expect(await counts(BOB)).toEqual([[1, 1]]);
    expect((await read(BOB, first.messageId)).changed).toBe(true);
    expect(await counts(BOB)).toEqual([[0, 0]]);
  });

  test('C21: WuKongIM: a member’s own messages between those of others never count, whatever is read', async () => {
    await create();
    const ids: string[] = [];
    for (const from of [ANN, BOB, ANN, ANN, BOB, CAT, BOB]) ids.push((await post(from)).messageId);
    const left = [4, 3, 3, 2, 1, 1, 0, 0];
    expect(await counts(BOB)).toEqual([[left[0], 0]]);
    for (const [n, messageId] of ids.entries()) {
      expect((await read(BOB, messageId)).unread.count).toBe(left[n + 1]);
      expect(await counts(BOB)).toEqual([[left[n + 1], 0]]);
    }
    expect(await counts(CAT)).toEqual([[6, 0]]);
  });
}
