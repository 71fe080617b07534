import { formatMessageId, type MessageToRecord } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { BOB, CAT, EVE, type GroupsHarness, groupsFixture, TEAM } from './groups-fixture.ts';

/** Messages of groups of before this server was. */
export function importTests(harness: GroupsHarness): void {
  const { store, conversations, create, change, toGroup, offer, post, log, group, counts, read, drift, member } =
    groupsFixture(harness);
  const OLD = Date.UTC(2012, 5, 1);
  const old = (from: string, sentAt: number, counter = 0): MessageToRecord => ({
    ...toGroup(from, { sentAt, messageId: formatMessageId({ millis: sentAt, counter, tag: 1 }) }),
    isImported: true,
  });

  test('C18, C21: imported messages stand in the log in their order with their ids, also of who is no member', async () => {
    await create();
    const messages = [old(BOB, OLD), old(EVE, OLD, 1), old(CAT, OLD + 1)];
    const outcomes = await conversations().record(messages);
    const ids = outcomes.map(({ messageId }) => messageId);
    expect(outcomes.map(({ result }) => result)).toEqual(['recorded', 'recorded', 'recorded']);
    expect(ids).toEqual(messages.map(({ messageId }) => messageId));
    expect((await conversations().record(messages)).map(({ result }) => result)).toEqual(Array(3).fill('duplicate'));
    expect((await log()).flatMap((entry) => (entry.type === 'message' ? [entry.messageId] : []))).toEqual(ids);
    expect(await counts(BOB, CAT)).toEqual([
      [2, 0],
      [2, 0],
    ]);
    await read(CAT, ids[2] ?? '');
    expect(await counts(CAT)).toEqual([[0, 0]]);
    const forgotten = messages.map((message, n) => ({ ...message, clientMessageId: `forgotten-${n}` }));
    const again = await conversations().record(forgotten);
    expect(again.map(({ result }) => result)).toEqual(Array(3).fill('out_of_order'));
    expect(await drift()).toEqual([]);
  });

  test('an imported message from before the last one of its group is out of order, and nothing is kept of it', async () => {
    await create();
    const { messageId } = await post(BOB);
    const before = [await log(), await group()];
    const early = old(BOB, OLD);
    expect(await conversations().record([early])).toEqual([{ result: 'out_of_order', messageId: early.messageId }]);
    expect([await log(), await group()]).toEqual(before);
    const { isImported: _, ...sent } = early;
    const [kept] = await conversations().record([sent]);
    expect(kept?.result).toBe('recorded');
    expect((kept?.messageId ?? '') > messageId).toBe(true);
  });

  test('C20: who wrote what was imported and never was a member is found as a former one who sees nothing, until they join', async () => {
    await create();
    await conversations().record([old(EVE, OLD), old(EVE, OLD + 1), old(BOB, OLD + 2)]);
    const { memberCount, version } = await group();
    expect(memberCount).toBe(3);
    const { leftAt, intervals } = (await member(EVE)) ?? expect.fail('no row');
    expect([leftAt, intervals]).toEqual([OLD, [{ after: 0, afterId: '', upTo: 0, upToId: '' }]]);
    const heads = await store().heads(EVE, { limit: 9 });
    expect(heads).toMatchObject([{ head: 0, unread: 0, group: { conversationId: TEAM, lastMessageId: '', version } }]);
    expect(await store().stays(EVE, 9)).toEqual([]);
    expect((await store().page(TEAM, { limit: 9 })).map(({ userId }) => userId)).not.toContain(EVE);
    expect((await offer(EVE)).result).toBe('refused');
    expect(await member(BOB)).toMatchObject({ leftAt: 0 });
    await change('add', { users: [EVE] });
    expect(await counts(EVE)).toEqual([[0, 0]]);
    await conversations().record([old(EVE, Date.UTC(2030, 1, 1))]);
    expect(await member(EVE)).toMatchObject({ leftAt: 0 });
    expect((await offer(EVE)).result).toBe('recorded');
    expect(await drift()).toEqual([]);
  });

  test('C20: who is added behind imported messages begins there, with nothing unread', async () => {
    await create([BOB], { history: 'since_join' });
    await conversations().record([old(BOB, OLD)]);
    await change('add', { users: [CAT] });
    expect(await counts(CAT)).toEqual([[0, 0]]);
    expect((await offer(EVE)).result).toBe('refused');
  });
}
