import { inboxOf, type MessageEvent, type ReceiptState, type StoredMessage } from '@chasqui/domain';
import { expect, test, vi } from 'vitest';
import { THREE, toThree } from './conversation-of-three.ts';
import { eventsOf } from './events.ts';
import { expectSound, inbox, seenHistory, statusesOf, syncedPage } from './final-state.ts';
import { House } from './house.ts';

vi.mock('@chasqui/domain', async (original) => {
  const { knowingThree } = await import('./conversation-of-three.ts');
  return knowingThree(await original());
});

const ALL = ['ann', 'bob', 'cid'];

/** ann and bob are connected, cid is offline; ann has written to the three of them. */
async function written() {
  const house = new House();
  await house.connect('ann', 'bob');
  house.start();
  await house.look(...ALL);
  const sent = eventsOf(house).message('ann', 'bob', 'hello', toThree('ann'));
  await house.publish([sent]);
  await house.quiet();
  const receipt = (state: 'delivered' | 'read', by: string) => ({ ...eventsOf(house).receipt(state, sent), by });
  return { house, sent, receipt };
}

const storedOf = async ({ messages }: House, { encoded: { message } }: MessageEvent): Promise<StoredMessage> =>
  (await messages.get([message]))[0] ?? expect.fail('it is not stored');

const unreadOf = async ({ conversations }: House) =>
  Promise.all(ALL.map(async (userId) => (await conversations.unread(userId)).total));

/** The announcements to the sender, and which user each is about. */
const toldOf = ({ shown }: House, state: ReceiptState) =>
  shown.flatMap(({ userId, frame }) =>
    userId === 'ann' && frame.type === 'receipt' && frame.state === state ? [frame.by] : [],
  );

test('C2, C3, C8: a message to three inboxes is stored, found and counted for all three', async () => {
  const { house, sent } = await written();
  const { messageId, audience } = sent.encoded.message;
  expect(await storedOf(house, sent)).toMatchObject({ audience, content: { text: 'hello' }, kind: 'test' });
  for (const userId of ALL) {
    const first = { type: 'message', messageId, position: 1, from: 'ann', conversationId: THREE };
    expect((await inbox(house, userId))[0]).toMatchObject(first);
    const hits = await house.search.search({ logs: [userId], text: 'hello', limit: 10 });
    expect(hits.map((hit) => hit.messageId)).toEqual([messageId]);
  }
  expect(await unreadOf(house)).toEqual([0, 1, 1]);
  expect((await house.unreadCache.get('cid'))?.byConversation).toEqual({ [THREE]: 1 });
  await expectSound(house);
});

test('C2, C9: everybody is told: the sender of the ack, who is there of the place, who is away by a push', async () => {
  const { house, sent } = await written();
  const { messageId, clientMessageId } = sent.encoded.message;
  const told = house.shown.map(({ userId, frame }) => [userId, frame]);
  expect(told).toContainEqual(['ann', expect.objectContaining({ type: 'server_ack', clientMessageId, position: 1 })]);
  expect(told).toContainEqual(['bob', expect.objectContaining({ type: 'stored', messageId, position: 1 })]);
  expect(house.pushTasks).toMatchObject([{ to: 'cid', messageId, from: 'ann' }]);
  expect(await house.offlineCache.get('cid', [messageId])).toMatchObject([{ messageId }]);
  expect(await house.offlineCache.get('bob', [messageId])).toEqual([null]);
  expect((await storedOf(house, sent)).statuses).toEqual({ cid: 'unread' });
  expect(toldOf(house, 'unread')).toEqual(['cid']);
});

test('C10: each of the three gets it by a sync, and confirms for themselves', async () => {
  const { house, sent } = await written();
  for (const userId of ALL) {
    const { updates, caughtUp } = await syncedPage(house, userId);
    expect(updates[0]).toMatchObject({ type: 'chat', position: 1, content: { text: 'hello' }, from: 'ann' });
    expect(caughtUp).toBe(true);
  }
  await house.publish([eventsOf(house).synced('cid', 1)]);
  await house.quiet();
  expect((await storedOf(house, sent)).statuses).toEqual({ cid: 'delivered' });
  expect(toldOf(house, 'delivered')).toEqual(['cid']);
  expect(await house.logs.devices(inboxOf('bob'))).toEqual([]);
  await expectSound(house);
});

test('C7, C8: what each of them received and read is told to the sender, and is nobody else’s', async () => {
  const { house, sent, receipt } = await written();
  await house.publish([receipt('delivered', 'bob')]);
  await house.quiet();
  expect((await storedOf(house, sent)).statuses).toEqual({ bob: 'delivered', cid: 'unread' });
  await house.publish([receipt('read', 'cid')]);
  await house.quiet();
  expect((await seenHistory(house)).map(({ statuses }) => statuses)).toEqual([{ bob: 'delivered', cid: 'read' }]);
  expect((await statusesOf(house)).get('hello')).toBe('delivered');
  expect(await unreadOf(house)).toEqual([0, 1, 0]);
  expect([toldOf(house, 'delivered'), toldOf(house, 'read')]).toEqual([['bob'], ['cid']]);
  await house.publish([receipt('read', 'bob')]);
  await house.quiet();
  expect((await statusesOf(house)).get('hello')).toBe('read');
  await expectSound(house);
});

test('C15: who is not of the three can neither ack it nor take it back', async () => {
  const { house, sent, receipt } = await written();
  await house.publish([receipt('delivered', 'eve'), { ...eventsOf(house).recall(sent), by: 'bob' }]);
  await house.quiet();
  expect(await storedOf(house, sent)).toMatchObject({ statuses: { cid: 'unread' }, revision: 0 });
});

test('C3: a recall takes it from all three', async () => {
  const { house, sent } = await written();
  await house.publish([eventsOf(house).recall(sent)]);
  await house.quiet();
  expect(await storedOf(house, sent)).toMatchObject({ content: {}, revision: 1 });
  for (const userId of ALL) {
    const { updates } = await syncedPage(house, userId);
    expect(updates.find(({ type }) => type === 'recall')).toMatchObject({ by: 'ann' });
    expect(updates[0]).not.toHaveProperty('content');
    expect(await house.search.search({ logs: [userId], text: 'hello', limit: 10 })).toEqual([]);
    const [entry] = await house.conversations.list(userId, 10);
    expect(entry).toMatchObject({ conversationId: THREE, preview: '' });
  }
  expect(house.shown.flatMap(({ userId, frame }) => (frame.type === 'recall' ? [userId] : [])).sort()).toEqual([
    ...['ann', 'bob'],
  ]);
  await expectSound(house);
});
