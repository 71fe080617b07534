import { expect, test } from 'vitest';
import { ANN, BOB, CAT, EVE, type GroupsHarness, groupsFixture, TEAM } from './groups-fixture.ts';
import { toRecord } from './samples.ts';

/** Read marks, and who has read a message. */
export function markTests(harness: GroupsHarness): void {
  const { samples, store, conversations, create, change, post, read, head, counts, inbox } = groupsFixture(harness);

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
    const message = samples.message({ from: ANN, to: BOB });
    await conversations().record([toRecord(message)]);
    const { messageId } = await post(ANN);
    expect((await read(BOB, messageId)).unread).toMatchObject({ count: 0, total: 1 });
    expect((await conversations().unread(BOB)).byConversation).toEqual({ 'ann~bob': 1 });
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
