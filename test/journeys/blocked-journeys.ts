import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestCluster } from '../cluster/cluster.ts';
import { change, get, openDevice, until } from './devices.ts';

interface Page {
  messages: { messageId: string; content?: { text?: string } }[];
}

interface Trace {
  status: string;
  steps: { state: string }[];
}

/** Silent blocks: to its sender a message looks as if it waits; its receiver never sees it. */
export function silenceJourneys(start: (env: { [name: string]: string }) => Promise<TestCluster>): void {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await start({ CHASQUI_BLOCKED_SENDERS: 'silence' });
  }, 120_000);
  afterAll(() => cluster?.[Symbol.asyncDispose](), 180_000);

  const history = (user: string, conversationId: string) =>
    get<Page>(cluster, user, `/api/conversations/${conversationId}/messages`);
  const texts = ({ messages }: Page) => messages.map(({ content }) => content?.text);
  const listed = async (user: string) =>
    (await get<{ conversations: { lastMessage: { preview: string } }[] }>(cluster, user, '/api/conversations'))
      .conversations;
  const found = async (user: string, word: string) =>
    (await get<{ hits: { to: string }[] }>(cluster, user, `/api/messages/search?q=${word}`)).hits;
  const unread = async (user: string) =>
    (await get<{ total: number }>(cluster, user, '/api/messages/unread-count')).total;

  it('C1, C2: who is blocked sees queued, stored and waiting, on every device and in history and search', async () => {
    using phone = await openDevice(cluster, { user: 'ann1', node: 1, deviceId: 'phone' });
    using laptop = await openDevice(cluster, { user: 'ann1', node: 2, deviceId: 'laptop' });
    using ben = await openDevice(cluster, { user: 'ben1', node: 2 });
    expect(await change(cluster, 'ben1', 'PUT', '/api/blocks/ann1')).toBe(204);
    const receipts: string[] = [];
    phone.client.on('receipt', ({ state }) => receipts.push(state));
    const outgoing = phone.client.send({ to: 'ben1', content: { text: 'anybody listening' } });
    await outgoing.queued;
    const { messageId } = await outgoing.stored;
    await until(() => receipts.includes('unread'), 'the receipt of one who is away');
    await until(() => laptop.client.conversation('ben1').messages.length === 1, 'the laptop shows it');
    expect(texts(await history('ann1', 'ann1~ben1'))).toEqual(['anybody listening']);
    expect(JSON.stringify(await history('ann1', 'ann1~ben1'))).not.toContain('silenced');
    expect(await listed('ann1')).toMatchObject([{ lastMessage: { preview: 'anybody listening' } }]);
    await until(async () => (await found('ann1', 'listening'))[0]?.to === 'ben1', 'its sender finds it');
    const trace = await get<Trace>(cluster, 'ann1', `/api/messages/${messageId}/trace`);
    expect(trace).toMatchObject({ status: 'unread' });
    // As for any offline user.
    expect(trace.steps.map(({ state }) => state).toSorted()).toEqual([
      ...['awaiting_sync', 'dispatching', 'indexed', 'offline', 'queued', 'sending', 'stored', 'storing'],
    ]);
    expect(await change(cluster, 'ann1', 'PUT', '/api/contacts/ben1')).toBe(200);

    // The blocking user, who has a device online all the while, receives nothing.
    expect(ben.shown).toEqual([]);
    expect(await unread('ben1')).toBe(0);
    expect(await listed('ben1')).toEqual([]);
    expect(texts(await history('ben1', 'ann1~ben1'))).toEqual([]);
    expect(await found('ben1', 'listening')).toEqual([]);
    expect(await get(cluster, 'ben1', '/api/messages/offline?position=0')).toMatchObject({ updates: [], position: 0 });
    expect(await get(cluster, 'ben1', '/api/contacts')).toMatchObject({ contacts: [] });
    await expect(get(cluster, 'ben1', `/api/messages/${messageId}/trace`)).rejects.toThrow('message_not_found');
  });

  it('C4: a resend after the block was lifted stays silent, and what is sent then arrives alone', async () => {
    using ann = await openDevice(cluster, { user: 'ann2', node: 1, deviceId: 'a' });
    using ben = await openDevice(cluster, { user: 'ben2', node: 2 });
    await change(cluster, 'ben2', 'PUT', '/api/blocks/ann2');
    const first = await ann.client.send({ to: 'ben2', content: { text: 'early' }, clientMessageId: 'one' }).stored;
    await change(cluster, 'ben2', 'DELETE', '/api/blocks/ann2');
    using again = await openDevice(cluster, { user: 'ann2', node: 2, deviceId: 'b' });
    const second = await again.client.send({ to: 'ben2', content: { text: 'early' }, clientMessageId: 'one' }).stored;
    expect(second.messageId).toBe(first.messageId);
    // Node 2 has not looked up the block before, so its cache has none.
    const late = again.client.send({ to: 'ben2', content: { text: 'late' } });
    await late.delivered;
    expect(ben.shown).toEqual(['late']);
    expect(ben.client.conversation('ann2').messages.map(({ content }) => content.text)).toEqual(['late']);
    expect(texts(await history('ben2', 'ann2~ben2'))).toEqual(['late']);
    expect(texts(await history('ann2', 'ann2~ben2'))).toEqual(['late', 'early']);
    expect(await unread('ben2')).toBe(1);
  });

  it('taking back what was silenced tells the other nothing', async () => {
    using ann = await openDevice(cluster, { user: 'ann3', node: 1 });
    using ben = await openDevice(cluster, { user: 'ben3', node: 2 });
    await change(cluster, 'ben3', 'PUT', '/api/blocks/ann3');
    const { messageId } = await ann.client.send({ to: 'ben3', content: { text: 'sorry' } }).stored;
    const recalled: string[] = [];
    ann.client.on('recall', (event) => recalled.push(event.messageId));
    await ann.client.recall('ben3', messageId);
    await until(() => recalled.includes(messageId), 'its sender sees it gone');
    expect(await get(cluster, 'ben3', '/api/messages/offline?position=0')).toMatchObject({ updates: [] });
    expect(ben.client.conversation('ann3').messages).toEqual([]);
  });
}
