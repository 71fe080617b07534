import type { MessageToRecord } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { ANN, BOB, CAT, DAN, EVE, type GroupsHarness, groupsFixture } from './groups-fixture.ts';

/** Who may send to a group: judged at the message's place in the log, and kept. */
export function refusalTests(harness: GroupsHarness): void {
  const { samples, conversations, create, change, toGroup, offer, post, group, log, inbox } = groupsFixture(harness);

  const refusal = (reason: string, { messageId }: Pick<MessageToRecord, 'messageId'>) => [
    { result: 'refused', reason, messageId },
  ];
  /** The message is refused, and nothing anywhere says that it was offered. */
  async function mustBeRefused(from: string, reason: string, fields = {}): Promise<MessageToRecord> {
    const before = [await log(), await group(), await inbox(from)];
    const message = toGroup(from, fields);
    expect(await conversations().record([message])).toEqual(refusal(reason, message));
    expect([await log(), await group(), await inbox(from)]).toEqual(before);
    return message;
  }

  test('C18: whoever is not in the group is refused: strangers, those who left, those who were removed', async () => {
    const nowhere = toGroup(ANN, { conversationId: 'nowhere' });
    expect(await conversations().record([nowhere])).toEqual(refusal('not_a_member', nowhere));
    await create([BOB, CAT, DAN]);
    await change('leave', {}, { by: BOB });
    await change('remove', { users: [CAT] });
    for (const user of [BOB, CAT, EVE]) await mustBeRefused(user, 'not_a_member');
    expect((await offer(DAN)).result).toBe('recorded');
  });

  test('C18: a muted member is refused what they sent before the mute ends, whenever it is stored', async () => {
    await create();
    const at = harness.clock.now();
    await change('mute', { userId: BOB, until: at + 1_000 });
    await mustBeRefused(BOB, 'muted', { sentAt: at + 999 });
    expect((await offer(BOB, { sentAt: at + 1_000 })).result).toBe('recorded');
    await change('mute', { userId: BOB, until: 0 });
    expect((await offer(BOB, { sentAt: at + 1 })).result).toBe('recorded');
  });

  test('C18: in a channel only admins post, and only those who may mention all', async () => {
    await create([BOB, CAT], { post: 'admins' });
    await mustBeRefused(BOB, 'not_allowed');
    await change('role', { userId: BOB, role: 'admin' });
    expect((await offer(BOB, { mentions: 'all' })).result).toBe('recorded');
    await change('update', { settings: { post: 'all' } });
    expect((await offer(CAT)).result).toBe('recorded');
    await mustBeRefused(CAT, 'mentions_all', { mentions: 'all' });
    await change('update', { settings: { mentionAll: 'all' } });
    expect((await offer(CAT, { mentions: 'all' })).result).toBe('recorded');
  });

  test('C18: nothing is appended to a dissolved group', async () => {
    await create();
    await change('dissolve', {});
    await mustBeRefused(ANN, 'not_a_member');
  });

  test('C4, C18: a refusal is kept: its copy is refused after the sender is back, another message is not', async () => {
    await create();
    await change('remove', { users: [BOB] });
    const message = await mustBeRefused(BOB, 'not_a_member', { text: 'let me in' });
    await change('add', { users: [BOB] });
    const copy = { ...message, messageId: samples.nextId() };
    expect(await conversations().record([copy, copy])).toEqual([
      ...refusal('not_a_member', message),
      ...refusal('not_a_member', message),
    ]);
    const other = toGroup(BOB, { clientMessageId: message.clientMessageId, text: 'another' });
    expect(await conversations().record([other])).toMatchObject([{ result: 'conflict' }]);
    expect((await offer(BOB)).result).toBe('recorded');
    expect(await log()).toHaveLength(4);
  });

  test('C4, C18: a message that was recorded before its sender’s removal stays recorded', async () => {
    await create();
    const message = await post(BOB);
    await change('remove', { users: [BOB] });
    expect(await conversations().record([message])).toMatchObject([
      { result: 'duplicate', messageId: message.messageId },
    ]);
  });

  test('C18: WuKongIM: whatever races with a removal is before it in the log, or refused', async () => {
    await create();
    const offers = () => Array.from({ length: 8 }, () => offer(BOB));
    const [early, removal, late] = [offers(), change('remove', { users: [BOB] }), offers()];
    const outcomes = await Promise.all([...early, removal.then(() => offer(BOB)), ...late]);
    const end = (await removal).notice?.position ?? 0;
    const places = outcomes.flatMap((outcome) => ('places' in outcome ? outcome.places : []));
    expect(places.filter(({ position }) => position > end)).toEqual([]);
    expect(await log()).toHaveLength(places.length + 2);
    const refused = outcomes.filter(({ result }) => result === 'refused');
    expect([refused.length > 0, refused.length + places.length]).toEqual([true, 17]);
    expect((await offer(BOB)).result).toBe('refused');
  });
}
