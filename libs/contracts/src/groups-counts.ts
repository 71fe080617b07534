import { expect, test } from 'vitest';
import { ANN, BOB, CAT, DAN, EVE, type GroupsHarness, groupsFixture, LINK, TEAM } from './groups-fixture.ts';

/** Unread and mention counts. */
export function countTests(harness: GroupsHarness): void {
  const { spoilCount } = harness;
  const { store, samples, conversations, logs, create, change, post, offer, mention, read, head, counts, drift, log } =
    groupsFixture(harness);

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
    await conversations().act({
      ...{ action: 'recall', revision: 1, by: ANN, at: 1 },
      ...{ conversationId, messageId, audience },
    });
    expect(await counts(BOB, CAT)).toEqual([
      [1, 1],
      [1, 0],
    ]);
    await read(BOB, messageId);
    expect(await counts(BOB)).toEqual([[0, 0]]);
  });

  test('C21: whoever joins begins with nothing unread, however they join', async () => {
    await create([BOB], { join: 'approval' });
    await change('link', { linkId: LINK, expiresAt: 0, uses: null });
    await post(ANN, { mentions: 'all' });
    await change('add', { users: [CAT] });
    await change('join', { linkId: LINK }, { by: DAN });
    await change('approve', { users: [DAN] });
    await change('update', { settings: { join: 'open' } });
    await change('join', { linkId: LINK }, { by: EVE });
    expect(await counts(BOB, CAT, DAN, EVE)).toEqual([
      [1, 1],
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
    await post(BOB);
    expect(await counts(BOB, CAT, DAN, EVE)).toEqual([
      [1, 1],
      [1, 0],
      [1, 0],
      [1, 0],
    ]);
  });

  test('C20, C21: open-im-server: a rejoined member’s history is not wrong by one', async () => {
    await create([BOB], { history: 'since_join' });
    const before = await post(ANN);
    await change('remove', { users: [BOB] });
    const missed = await post(ANN, { mentions: 'all' });
    await change('add', { users: [BOB] });
    expect(await counts(BOB)).toEqual([[0, 0]]);
    const after = await post(ANN);
    expect(await counts(BOB)).toEqual([[1, 0]]);
    const { member } = await head(BOB);
    const seenBy = ({ messageId, outcome }: typeof after) => {
      const position = outcome.places[0]?.position ?? 0;
      return member.intervals.map(({ after, afterId, upTo = Infinity, upToId = '~' }) => [
        position > after && position <= upTo,
        messageId > afterId && messageId <= upToId,
      ]);
    };
    expect([before, missed, after].map(seenBy)).toEqual([
      [...[[true, true]], [false, false]],
      [...[[false, false]], [false, false]],
      [...[[false, false]], [true, true]],
    ]);
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

  test('C21: counts are exact when many post, read, join and leave at once', async () => {
    await create([BOB, CAT, DAN]);
    const first = await post(ANN);
    await Promise.all(
      [ANN, BOB, CAT, DAN].flatMap((user, n) => [
        offer(user, { mentions: [BOB] }),
        read(BOB, first.messageId, n + 1),
        offer(user),
        n === 3 ? change('leave', {}, { by: DAN }) : offer(user, { mentions: [CAT] }),
        change('add', { users: [`new-${n}`] }),
      ]),
    );
    const entries = await log();
    const messages = entries.filter((entry) => entry.type === 'message');
    const unreadAfter = (user: string, start: string) =>
      messages.filter(({ messageId, from }) => messageId > start && from !== user).length;
    for (const user of [ANN, BOB, CAT, 'new-0', 'new-1', 'new-2', 'new-3']) {
      const { unread, read, member } = await head(user);
      expect([user, unread]).toEqual([user, unreadAfter(user, read.upTo)]);
      const isNew = user.startsWith('new');
      const start = member.intervals[0]?.after ?? 0;
      const before = messages.findLast(({ position }) => position <= start)?.messageId ?? '';
      expect(read.upTo).toBe(isNew ? before : user === BOB ? first.messageId : '');
    }
    expect((await counts(BOB))?.[0]?.[1]).toBe(3);
    expect(await drift()).toEqual([]);
  });

  test('C21: what is unread stays so when the log is trimmed, and is read as before', async () => {
    await create();
    const ids: string[] = [];
    for (let n = 0; n < 4; n++) ids.push((await post(ANN, { mentions: 'all' })).messageId);
    await harness.advance(30);
    await logs().trim(harness.clock.now(), 100);
    expect(await counts(BOB)).toEqual([[4, 4]]);
    const fresh = await post(CAT);
    expect(await counts(BOB)).toEqual([[5, 4]]);
    expect(await drift()).toEqual([]);
    await read(BOB, ids[1] ?? '');
    expect(await counts(BOB)).toEqual([[3, 2]]);
    expect(await drift()).toEqual([]);
    await read(BOB, fresh.messageId);
    expect(await counts(BOB, CAT)).toEqual([
      [0, 0],
      [4, 4],
    ]);
  });

  if (spoilCount !== undefined) {
    test('C21: a recount finds a wrong count, reports it, and repairs it when asked to', async () => {
      await create();
      const ids: string[] = [];
      for (const from of [ANN, BOB, ANN, CAT]) ids.push((await post(from, { mentions: [CAT] })).messageId);
      await read(CAT, ids[0] ?? '');
      await spoilCount(CAT, TEAM, 7, 2);
      expect(await counts(CAT)).toEqual([[7, 2]]);
      const wrong = [{ userId: CAT, conversationId: TEAM, count: 'unread', stored: 7, recomputed: 2 }];
      expect(await drift()).toEqual(wrong);
      expect(await drift(true)).toEqual(wrong);
      expect(await counts(BOB, CAT)).toEqual([
        [3, 0],
        [2, 2],
      ]);
      expect(await drift()).toEqual([]);
      await post(ANN);
      expect(await counts(CAT)).toEqual([[3, 2]]);
    });

    test('C21: so it does with wrong counts of mentions, by name and of all, also where the log is trimmed', async () => {
      await create([BOB, CAT], { mentionAll: 'all' });
      const first = await post(ANN, { mentions: [CAT] });
      await post(ANN, { mentions: 'all' });
      await post(BOB, { mentions: [BOB, CAT] });
      await post(CAT, { mentions: 'all' });
      await harness.advance(30);
      await logs().trim(harness.clock.now(), 100);
      await post(BOB, { mentions: 'all' });
      await read(CAT, first.messageId);
      const right = [
        [3, 2],
        [3, 3],
      ];
      expect(await counts(BOB, CAT)).toEqual(right);
      expect(await drift()).toEqual([]);
      await spoilCount(CAT, TEAM, 3, 0);
      const wrong = [{ userId: CAT, conversationId: TEAM, count: 'mentions', stored: 0, recomputed: 3 }];
      expect(await drift()).toEqual(wrong);
      await spoilCount(CAT, TEAM, 0, 9);
      const both = [
        { userId: CAT, conversationId: TEAM, count: 'unread', stored: 0, recomputed: 3 },
        { userId: CAT, conversationId: TEAM, count: 'mentions', stored: 9, recomputed: 3 },
      ];
      expect(await drift(true)).toEqual(both);
      expect(await counts(BOB, CAT)).toEqual(right);
      expect(await drift()).toEqual([]);
      await mention(ANN, [CAT]);
      expect(await counts(CAT)).toEqual([[4, 4]]);
    });
  }
}
