import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestCluster } from '../cluster/cluster.ts';
import { type Device, get, openDevice, until } from './devices.ts';

const texts = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => `message ${from + n}`);

async function sendAll({ client }: Device, to: string, list: readonly string[]): Promise<void> {
  await Promise.all(list.map((text) => client.send({ to, content: { text } }).stored));
}

interface Step {
  state: string;
  at: number;
  node: string;
}

async function stepsOf(cluster: TestCluster, user: string, messageId: string): Promise<Step[]> {
  return (await get<{ steps: Step[] }>(cluster, user, `/api/messages/${messageId}/trace`)).steps;
}

/** Users exchange, receive and change messages, on a cluster of two nodes, with any engines. */
export function messageJourneys(start: () => Promise<TestCluster>): void {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await start();
  }, 120_000);
  afterAll(() => cluster?.[Symbol.asyncDispose](), 180_000);

  it('C1, C2, C7: is queued, stored, delivered and read, each told to its sender', async () => {
    using ann = await openDevice(cluster, { user: 'ann1', node: 1 });
    using ben = await openDevice(cluster, { user: 'ben1', node: 2 });
    const outgoing = ann.client.send({ to: 'ben1', content: { text: '你好, Ben' } });
    const { messageId } = await outgoing.queued;
    expect((await outgoing.stored).messageId).toBe(messageId);
    await outgoing.delivered;
    ben.client.markRead('ann1');
    await outgoing.read;
    expect(ben.shown).toEqual(['你好, Ben']);
    const steps = await stepsOf(cluster, 'ann1', messageId);
    // The live way may be faster: delivered before stored.
    const states = steps.map(({ state }) => state);
    const live = ['delivered', 'dispatching', 'pushed_live', 'queued', 'read', 'sending', 'stored', 'storing'];
    expect(states.toSorted()).toEqual(live);
    expect([states[0], states.at(-1)]).toEqual(['sending', 'read']);
    expect(steps.map(({ at }) => at)).toEqual(steps.map(({ at }) => at).toSorted((a, b) => a - b));
    const [first, second] = cluster.running.connect.map(({ nodeId }) => nodeId);
    const nodes = new Map(steps.map(({ state, node }) => [state, node]));
    for (const state of ['sending', 'dispatching', 'queued']) expect(nodes.get(state), state).toBe(first);
    for (const state of ['pushed_live', 'delivered', 'read']) expect(nodes.get(state), state).toBe(second);
    for (const state of ['storing', 'stored']) expect(nodes.get(state), state).toMatch(/^business-/);
  });

  it('C5, C6: hundreds in both directions at once arrive once and in order', async () => {
    using ann = await openDevice(cluster, { user: 'ann2', node: 1 });
    using ben = await openDevice(cluster, { user: 'ben2', node: 2 });
    const sent = texts(0, 300);
    await Promise.all([sendAll(ann, 'ben2', sent), sendAll(ben, 'ann2', sent)]);
    await until(() => ann.shown.length >= 300 && ben.shown.length >= 300, 'everything arrives');
    expect(ben.shown).toEqual(sent);
    expect(ann.shown).toEqual(sent);
  });

  it('C3, C7, C8, C9, C10: waits for one who is away, with an unread receipt and an exact count', async () => {
    using ann = await openDevice(cluster, { user: 'ann3', node: 1 });
    const before = await openDevice(cluster, { user: 'ben3', node: 2 });
    await sendAll(ann, 'ben3', texts(0, 20));
    await until(() => before.shown.length === 20, 'the first twenty arrive');
    before.client.close();
    const receipts: string[] = [];
    ann.client.on('receipt', ({ state }) => receipts.push(state));
    await sendAll(ann, 'ben3', texts(20, 49));
    const { messageId } = await ann.client.send({ to: 'ben3', content: { text: 'message 49' } }).stored;
    await until(() => receipts.includes('unread'), 'an unread receipt');
    const unread = () => get<{ total: number }>(cluster, 'ben3', '/api/messages/unread-count');
    expect((await unread()).total).toBe(50);
    using after = await openDevice(cluster, { user: 'ben3', node: 1, store: before.store });
    await until(() => after.shown.length >= 30, 'the rest arrives on return');
    expect(after.shown).toEqual(texts(20, 50));
    await until(() => receipts.includes('delivered'), 'a delivered receipt after the return');
    const states = async () => (await stepsOf(cluster, 'ann3', messageId)).map(({ state }) => state);
    await until(async () => (await states()).includes('synced'), 'the last one is synced');
    const both = ['sending', 'dispatching', 'queued', 'storing', 'stored'];
    const inbox = ['offline', 'indexed', 'awaiting_sync', 'syncing', 'awaiting_confirmation', 'synced', 'delivered'];
    expect((await states()).toSorted()).toEqual([...both, ...inbox].toSorted());
    expect((await states()).filter((state) => inbox.includes(state))).toEqual(inbox);
    after.client.markRead('ann3');
    await until(async () => (await unread()).total === 0, 'nothing is unread any more');
  });

  it('C6: shows on each device what was sent and read on another', async () => {
    using phone = await openDevice(cluster, { user: 'ann4', node: 1, deviceId: 'phone' });
    using laptop = await openDevice(cluster, { user: 'ann4', node: 2, deviceId: 'laptop' });
    using ben = await openDevice(cluster, { user: 'ben4', node: 2 });
    const reads: string[] = [];
    laptop.client.on('read', ({ peer }) => reads.push(peer));
    await sendAll(phone, 'ben4', ['from the phone']);
    await until(() => laptop.client.conversation('ben4').messages.length === 1, 'the laptop shows it');
    await sendAll(ben, 'ann4', ['an answer']);
    await until(() => phone.shown.length === 1 && laptop.shown.length === 1, 'both devices show the answer');
    phone.client.markRead('ben4');
    await until(() => reads.includes('ben4'), 'the laptop learns that it was read');
  });

  it('takes a message back at both ends, in history and in search', async () => {
    using ann = await openDevice(cluster, { user: 'ann5', node: 1 });
    using ben = await openDevice(cluster, { user: 'ben5', node: 2 });
    const { messageId } = await ann.client.send({ to: 'ben5', content: { text: 'a regrettable word' } }).stored;
    await until(() => ben.shown.length === 1, 'it arrives');
    const recalled: string[] = [];
    ben.client.on('recall', (event) => recalled.push(event.messageId));
    await ann.client.recall('ben5', messageId);
    await until(() => recalled.includes(messageId), 'the receiver learns it');
    const search = () => get<{ hits: object[] }>(cluster, 'ben5', '/api/messages/search?q=regrettable');
    await until(async () => (await search()).hits.length === 0, 'search finds it no more');
    const history = await get<{ messages: { recalledAt?: number; content?: object }[] }>(
      cluster,
      'ben5',
      '/api/conversations/ann5~ben5/messages',
    );
    expect(history.messages[0]?.recalledAt).toBeTypeOf('number');
    expect(history.messages[0]?.content).toBeUndefined();
  });

  it('C13: finds Chinese, Japanese and Korean by parts of words, within 5 s, for its two users alone', async () => {
    using ann = await openDevice(cluster, { user: 'ann6', node: 1 });
    await sendAll(ann, 'ben6', ['我在北京大学读书', '東京タワーに行きます', '안녕하세요 세계', 'The quick brown fox']);
    const search = (user: string, word: string) =>
      get<{ hits: { text: string }[] }>(cluster, user, `/api/messages/search?q=${encodeURIComponent(word)}`);
    for (const [word, text] of [
      ['京大', '我在北京大学读书'],
      ['タワー', '東京タワーに行きます'],
      ['하세', '안녕하세요 세계'],
      ['quick', 'The quick brown fox'],
    ] as const) {
      await until(async () => (await search('ben6', word)).hits.some((hit) => hit.text === text), word);
      expect((await search('eve6', word)).hits).toEqual([]);
    }
  });

  it('C4: a resend of one clientMessageId through another node makes no second message; other content is refused', async () => {
    using ann = await openDevice(cluster, { user: 'ann7', node: 1, deviceId: 'a' });
    using ben = await openDevice(cluster, { user: 'ben7', node: 2 });
    const first = await ann.client.send({ to: 'ben7', content: { text: 'once' }, clientMessageId: 'same' }).stored;
    using again = await openDevice(cluster, { user: 'ann7', node: 2, deviceId: 'b' });
    const second = await again.client.send({ to: 'ben7', content: { text: 'once' }, clientMessageId: 'same' }).stored;
    expect(second.messageId).toBe(first.messageId);
    using third = await openDevice(cluster, { user: 'ann7', node: 1, deviceId: 'c' });
    // The inbox is read first: while a send is in flight, a copy from the inbox would count as its answer.
    await until(async () => third.client.conversation('ben7').messages.length === 1, 'the inbox of the third device');
    const other = third.client.send({ to: 'ben7', content: { text: 'other' }, clientMessageId: 'same' });
    await expect(other.stored).rejects.toMatchObject({ code: 'client_message_id_reused' });
    expect(ben.shown).toEqual(['once']);
  });
}
