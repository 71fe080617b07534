import { groupLog } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { recorded } from './conversations-fixture.ts';
import { ANN, BOB, CAT, type GroupsHarness, groupsFixture, TEAM } from './groups-fixture.ts';
import { toRecord } from './samples.ts';

/** Messages to groups, in the order of their logs. */
export function messageTests(harness: GroupsHarness): void {
  const { samples, conversations, create, change, toGroup, offer, post, group, log, inbox } = groupsFixture(harness);
  const LOG = groupLog(TEAM);

  test('C18, C19: a message is appended to the group’s log alone, and becomes the group’s last', async () => {
    await create();
    const inboxes = async () => Promise.all([ANN, BOB, CAT].map(inbox));
    const before = await inboxes();
    const { messageId, clientMessageId, outcome, sentAt } = await post(BOB, { text: 'hello' });
    expect(outcome).toEqual({ result: 'recorded', messageId, places: [{ log: LOG, position: 2 }], unread: [] });
    const update = { type: 'message', conversationId: TEAM, messageId, from: BOB, clientMessageId, position: 2 };
    expect(await log()).toMatchObject([{ type: 'notice', position: 1 }, update]);
    expect(await inboxes()).toEqual(before);
    expect(await group()).toMatchObject({ lastMessageId: messageId, lastFrom: BOB, preview: 'hello' });
    expect((await group()).updatedAt).toBeGreaterThanOrEqual(sentAt);
    expect(await conversations().entries([{ userId: BOB, conversationId: TEAM }])).toEqual([null]);
    expect(await conversations().list(BOB, 10)).toEqual([]);
    expect(await conversations().unread(CAT)).toMatchObject({ total: 0, byConversation: {} });
  });

  test('C18: ids rise with positions, whatever ids the messages come with', async () => {
    await create();
    const given = Array.from({ length: 6 }, () => samples.nextId());
    const order = [3, 0, 5, 1, 4, 2];
    const ids: string[] = [];
    for (const [n, place] of order.entries()) {
      const messageId = given[place] ?? '';
      const from = n % 2 === 0 ? ANN : BOB;
      ids.push((await post(from, { messageId, fromDevice: `device-${n}` })).messageId);
    }
    expect(ids).toEqual([...new Set(ids)].sort());
    expect(ids.slice(0, 1).concat(ids.slice(2, 3))).toEqual([given[3], given[5]]);
    const entries = (await log()).flatMap((entry) => (entry.type === 'message' ? [entry.messageId] : []));
    expect(entries).toEqual(ids);
    expect((await group()).lastMessageId).toBe(ids.at(-1));
  });

  test('C18: positions and ids stay one order when many record at once', async () => {
    await create();
    const calls = Array.from({ length: 12 }, (_, n) => [toGroup([ANN, BOB, CAT][n % 3] ?? ANN), toGroup(ANN)]);
    const outcomes = (await Promise.all(calls.map((messages) => conversations().record(messages)))).flat();
    const placed = outcomes
      .map((outcome) => recorded(outcome))
      .map(({ messageId, places }) => ({ messageId, position: places[0]?.position ?? 0 }))
      .sort((a, b) => a.position - b.position);
    expect(placed.map(({ position }) => position)).toEqual(Array.from({ length: 24 }, (_, n) => n + 2));
    const ids = placed.map(({ messageId }) => messageId);
    expect(ids).toEqual(ids.toSorted());
    expect(new Set(ids).size).toBe(24);
    expect(await log()).toHaveLength(25);
  });

  test('C4: a second copy under whatever id is a duplicate, other content a conflict; both change nothing', async () => {
    await create();
    const first = await post(ANN, { text: 'yes' });
    await post(BOB);
    const copy = { ...first, messageId: samples.nextId() };
    const { places } = first.outcome;
    const duplicate = { result: 'duplicate', messageId: first.messageId, places, unread: [] };
    expect(await conversations().record([copy])).toEqual([duplicate]);
    expect(await offer(ANN, { clientMessageId: first.clientMessageId, text: 'no' })).toEqual({
      result: 'conflict',
      messageId: first.messageId,
    });
    expect(await log()).toHaveLength(3);
    const racing = toGroup(CAT);
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => conversations().record([racing])));
    const results = outcomes.flat().map(({ result }) => result);
    expect(results.sort()).toEqual(['duplicate', 'duplicate', 'duplicate', 'recorded']);
  });

  test('C18: in one batch each message meets what the one before it left', async () => {
    await create();
    await change('remove', { users: [BOB] });
    const [first, refused, second] = [toGroup(ANN), toGroup(BOB), toGroup(CAT, { messageId: '0'.repeat(24) })];
    const outcomes = await conversations().record([first, refused, second, first]);
    expect(outcomes.map(({ result }) => result)).toEqual(['recorded', 'refused', 'recorded', 'duplicate']);
    expect((outcomes[2]?.messageId ?? '') > first.messageId).toBe(true);
    expect((await log()).map(({ type }) => type)).toEqual(['notice', 'notice', 'message', 'message']);
  });

  test('direct messages and those of groups are recorded side by side in one batch', async () => {
    await create();
    const message = toRecord(samples.message({ from: ANN, to: BOB }));
    const outcomes = (await conversations().record([toGroup(BOB), message, toGroup(CAT)])).map(recorded);
    expect(outcomes.map(({ places }) => places.map(({ position }) => position))).toEqual([[2], [2, 2], [3]]);
    expect((await conversations().unread(BOB)).byConversation).toEqual({ 'ann~bob': 1 });
  });

  test('an action is appended to the group’s log, once, and empties the preview of the last message', async () => {
    await create();
    const message = await post(BOB, { text: 'oops' });
    const { messageId, conversationId, audience } = message;
    const recall = { action: 'recall' as const, revision: 1, by: ANN, at: 5, messageId, conversationId, audience };
    expect(await conversations().act([recall])).toEqual([[{ log: LOG, position: 3 }]]);
    expect(await conversations().act([recall])).toEqual([null]);
    expect((await log()).at(-1)).toMatchObject({ type: 'action', action: 'recall', messageId, by: ANN });
    expect(await group()).toMatchObject({ preview: '', lastMessageId: messageId });
    expect((await inbox(BOB)).filter(({ type }) => type === 'action')).toEqual([]);
  });
}
