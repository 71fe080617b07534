import type { MessageToRecord, UserId } from '@chasqui/domain';
import type { ActionToRecord } from '@chasqui/ports';
import { expect, test } from 'vitest';
import { only } from './conversations-fixture.ts';
import { ANN, BOB, CAT, DAN, EVE, type GroupsHarness, groupsFixture, TEAM } from './groups-fixture.ts';

/** Mentions that edits add. */
export function editMentionTests(harness: GroupsHarness): void {
  const { store, conversations, create, change, post, read, counts, drift, group, log } = groupsFixture(harness);
  let edits = 0;

  type Message = Pick<MessageToRecord, 'conversationId' | 'messageId' | 'audience' | 'from'>;
  const editOf = (message: Message, revision: number, mentions: readonly UserId[]): ActionToRecord => {
    const { conversationId, messageId, audience, from: by } = message;
    const action = { action: 'edit', revision, by, at: harness.clock.now(), content: { text: 'edited' } } as const;
    return { ...action, actionId: `edit-${++edits}`, mentions, conversationId, messageId, audience };
  };
  const edit = async (...of: Parameters<typeof editOf>) => only(await conversations().act([editOf(...of)]));
  const listed = async (userId: UserId, since: number) =>
    (await store().heads(userId, { since, limit: 9 })).map((head) => [head.group.conversationId, head.mentions]);

  test('C21: an edit mentions the members whom it names, each once, but not its sender', async () => {
    await create([BOB, CAT, DAN]);
    const message = await post(ANN, { mentions: [BOB] });
    await edit(message, 1, [ANN, BOB, CAT]);
    expect(await counts(ANN, BOB, CAT, DAN)).toEqual([
      [0, 0],
      [1, 1],
      [1, 1],
      [1, 0],
    ]);
    await edit(message, 2, [CAT, DAN]);
    expect(await counts(BOB, CAT, DAN)).toEqual(Array(3).fill([1, 1]));
    expect((await store().unread([CAT]))[0]).toEqual({
      total: 1,
      byConversation: { [TEAM]: 1 },
      mentions: { [TEAM]: 1 },
    });
    const all = await post(ANN, { mentions: 'all' });
    await edit(all, 1, [CAT]);
    expect(await counts(CAT)).toEqual([[2, 2]]);
    expect(await drift()).toEqual([]);
  });

  test('C21: the same edit again, or an earlier one, mentions nobody more', async () => {
    await create();
    const message = await post(ANN);
    await edit(message, 2, [BOB]);
    expect(await edit(message, 2, [CAT])).toBeNull();
    expect(await edit(message, 1, [CAT])).toBeNull();
    expect(await counts(BOB, CAT)).toEqual([
      [1, 1],
      [1, 0],
    ]);
  });

  test('C21: edits of one call mention each whom any of them names, once', async () => {
    await create([BOB, CAT, DAN]);
    const [one, two] = [await post(ANN), await post(ANN)];
    const actions = [editOf(one, 1, [BOB]), editOf(two, 1, [DAN]), editOf(one, 2, [BOB, CAT]), editOf(one, 2, [DAN])];
    const places = await conversations().act(actions);
    expect(places.map((all) => all?.length ?? null)).toEqual([1, 1, 1, null]);
    const counted = [
      [2, 1],
      [2, 1],
      [2, 1],
    ];
    expect(await counts(BOB, CAT, DAN)).toEqual(counted);
    expect(await conversations().act(actions)).toEqual([null, null, null, null]);
    expect(await counts(BOB, CAT, DAN)).toEqual(counted);
    expect(await drift()).toEqual([]);
  });

  test('C21: mentions by edits count only after the mark, and are gone once it passes them', async () => {
    await create();
    const [first, second, third] = [await post(ANN), await post(ANN), await post(ANN)];
    await read(CAT, first.messageId);
    for (const message of [first, second, third]) await edit(message, 1, [BOB, CAT]);
    expect(await counts(BOB, CAT)).toEqual([
      [3, 3],
      [2, 2],
    ]);
    await read(BOB, second.messageId);
    expect(await counts(BOB, CAT)).toEqual([
      [1, 1],
      [2, 2],
    ]);
    await edit(second, 2, [BOB]);
    expect(await counts(BOB)).toEqual([[1, 1]]);
    await read(BOB, third.messageId);
    await post(ANN, { mentions: [BOB] });
    expect(await counts(BOB)).toEqual([[1, 1]]);
    expect(await drift()).toEqual([]);
  });

  test('C20, C21: an edit mentions nobody who is not a member, and nothing is left for who leaves and comes back', async () => {
    await create([BOB, CAT]);
    const message = await post(ANN);
    await change('leave', {}, { by: CAT });
    await edit(message, 1, [BOB, CAT, EVE]);
    for (const user of [BOB, CAT, EVE]) {
      if (user === BOB) await change('remove', { users: [BOB] });
      await change('add', { users: [user] });
    }
    await post(ANN);
    expect(await counts(BOB, CAT, EVE)).toEqual(Array(3).fill([1, 0]));
    expect(await listed(BOB, harness.clock.now() + 1_000_000)).toEqual([]);
  });

  test('C21: a recalled message stays counted as a mention', async () => {
    await create();
    const message = await post(ANN);
    await edit(message, 1, [BOB]);
    const { conversationId, messageId, audience } = message;
    await conversations().act([
      {
        ...{ action: 'recall', revision: 2, by: ANN, at: 1 },
        ...{ conversationId, messageId, audience },
      },
    ]);
    expect(await counts(BOB)).toEqual([[1, 1]]);
  });

  test('C21: a group in which an edit mentions a user is news to them alone, and keeps its place in lists', async () => {
    await create();
    const message = await post(ANN);
    const { updatedAt } = await group();
    await harness.advance(100);
    const cursor = updatedAt + 1;
    expect(await listed(BOB, cursor)).toEqual([]);
    await edit(message, 1, [BOB]);
    expect(await listed(BOB, cursor)).toEqual([[TEAM, 1]]);
    expect(await listed(CAT, cursor)).toEqual([]);
    expect((await group()).updatedAt).toBe(updatedAt);
    await read(BOB, message.messageId);
    expect(await listed(BOB, cursor)).toEqual([]);
    expect((await log()).map(({ type }) => type)).toEqual(['notice', 'message', 'action']);
  });
}
