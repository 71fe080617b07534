import type { LogId } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { ANN, BOB, CAT, DAN, EVE, type GroupsHarness, groupsFixture, LINK, TEAM } from './groups-fixture.ts';

/** Unread and mention counts, marks, and who has read a message. */
export function countTests(harness: GroupsHarness): void {
  const { samples, store, conversations, logs, create, change, post, offer, mention, read, head, counts, inbox } =
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

  test('C21: what is unread stays so when the log is trimmed, and is read as before', async () => {
    await create();
    const ids: string[] = [];
    for (let n = 0; n < 4; n++) ids.push((await post(ANN, { mentions: 'all' })).messageId);
    await harness.advance(30);
    await logs().trim(harness.clock.now(), 100);
    expect(await counts(BOB)).toEqual([[4, 4]]);
    const fresh = await post(CAT);
    expect(await counts(BOB)).toEqual([[5, 4]]);
    await read(BOB, ids[1] ?? '');
    expect(await counts(BOB)).toEqual([[3, 2]]);
    await read(BOB, fresh.messageId);
    expect(await counts(BOB, CAT)).toEqual([
      [0, 0],
      [4, 4],
    ]);
  });

  test('C22: a mark moves forward, at most to the last message, and is an update in the reader’s inbox alone', async () => {
    await create();
    const first = await post(ANN);
    const second = await post(ANN);
    const before = (await inbox(BOB)).length;
    const all = [await inbox(ANN), await inbox(CAT)];
    expect(await read(BOB, first.messageId, 5)).toEqual({
      changed: true,
      from: '',
      upTo: first.messageId,
      unread: { userId: BOB, conversationId: TEAM, count: 1, total: 0, position: before + 1 },
      position: before + 1,
    });
    const update = { type: 'read', conversationId: TEAM, upTo: first.messageId, at: 5, position: before + 1 };
    expect((await inbox(BOB)).at(-1)).toEqual(update);
    expect(await read(BOB, 'f'.repeat(24), 6)).toMatchObject({
      ...{ changed: true, from: first.messageId, upTo: second.messageId },
      unread: { count: 0 },
    });
    for (const { messageId } of [first, second]) {
      expect(await read(BOB, messageId, 7)).toMatchObject({ changed: false, unread: { count: 0 } });
    }
    expect((await head(BOB)).read).toEqual({ upTo: second.messageId, at: 6, node: 'node-6' });
    expect(await inbox(BOB)).toHaveLength(before + 2);
    expect([await inbox(ANN), await inbox(CAT)]).toEqual(all);
    const third = await post(ANN);
    expect(await counts(BOB)).toEqual([[1, 0]]);
    expect((await read(BOB, third.messageId, 8)).changed).toBe(true);
  });

  test('C22: of one mark that is made several times at once, one counts', async () => {
    await create();
    const { messageId } = await post(ANN);
    const before = (await inbox(BOB)).length;
    const marks = await Promise.all([1, 2, 3, 4].map((at) => read(BOB, messageId, at)));
    expect(marks.filter(({ changed }) => changed)).toHaveLength(1);
    expect(await inbox(BOB)).toHaveLength(before + 1);
  });

  test('C20, C22: strangers and former members move no mark', async () => {
    await create();
    await change('remove', { users: [BOB] });
    const { messageId } = await post(ANN);
    for (const user of [BOB, EVE]) {
      const before = await inbox(user);
      expect(await read(user, messageId)).toMatchObject({ changed: false, unread: { count: 0, total: 0 } });
      expect(await inbox(user)).toEqual(before);
    }
    expect(await read(ANN, messageId, 1, 'nowhere')).toMatchObject({ changed: false });
    expect((await head(BOB)).read.upTo).toBe('');
  });

  test('C22: reading a group leaves the counts of direct conversations, which are all of a user’s total', async () => {
    await create();
    const direct: { log: LogId }[] = [{ log: 'ann~bob' }];
    const message = samples.message({ from: ANN, to: BOB });
    await conversations().record([{ ...message, digests: ['d'] }]);
    const { messageId } = await post(ANN);
    expect((await read(BOB, messageId)).unread).toMatchObject({ count: 0, total: 1 });
    expect((await conversations().unread(BOB)).byConversation).toEqual({ [direct[0]?.log ?? '']: 1 });
  });

  test('C22: who has read a message: members whose mark has reached it, paged by id, without its sender', async () => {
    const users = ['u1', 'u2', 'u3', 'u4'];
    await create([BOB, ...users]);
    const first = await post(BOB);
    const second = await post(ANN);
    for (const [n, user] of users.entries()) await read(user, n < 3 ? second.messageId : first.messageId, 10 + n);
    await read(BOB, second.messageId, 20);
    const readers = (messageId: string, after?: string, limit = 10) =>
      store().readers(TEAM, messageId, { ...(after === undefined ? {} : { after }), limit });
    const of = (...names: string[]) => names.map((userId) => ({ userId, at: 10 + users.indexOf(userId) }));
    expect(await readers(first.messageId)).toEqual(of('u1', 'u2', 'u3', 'u4'));
    expect(await readers(second.messageId)).toEqual([{ userId: BOB, at: 20 }, ...of('u1', 'u2', 'u3')]);
    expect(await readers(first.messageId, 'u1', 2)).toEqual(of('u2', 'u3'));
    await change('remove', { users: ['u1'] });
    expect(await readers(first.messageId)).toEqual(of('u2', 'u3', 'u4'));
    expect(await store().readers('nowhere', first.messageId, { limit: 10 })).toEqual([]);
  });

  test('C22: newcomers have read nothing of what was before them', async () => {
    await create([BOB]);
    const old = await post(ANN);
    await change('add', { users: [CAT] });
    expect(await store().readers(TEAM, old.messageId, { limit: 10 })).toEqual([]);
    const fresh = await post(ANN);
    await read(CAT, fresh.messageId, 3);
    expect(await store().readers(TEAM, old.messageId, { limit: 10 })).toEqual([]);
    expect(await store().readers(TEAM, fresh.messageId, { limit: 10 })).toEqual([{ userId: CAT, at: 3 }]);
  });
}
