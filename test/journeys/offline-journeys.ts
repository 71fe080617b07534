import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestCluster } from '../cluster/cluster.ts';
import { RawSocket } from '../hostile/raw-socket.ts';
import { get, openDevice, until } from './devices.ts';

interface Page {
  updates: object[];
  position: number;
  epoch: string;
  caughtUp: boolean;
}

/** Updates that wait for an offline user, by socket and by HTTP, with any engines. */
export function offlineJourneys(start: () => Promise<TestCluster>): void {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await start();
  }, 120_000);
  afterAll(() => cluster?.[Symbol.asyncDispose](), 180_000);

  const overHttp = async (user: string, query: string, limit: number): Promise<object[]> => {
    const updates: object[] = [];
    for (let from = query; ; ) {
      const page = await get<Page>(cluster, user, `/api/messages/offline?limit=${limit}${from}`);
      expect(page.updates.length).toBeLessThanOrEqual(limit);
      updates.push(...page.updates);
      if (page.caughtUp) return updates;
      from = `&position=${page.position}&epoch=${page.epoch}`;
    }
  };
  const overSocket = async (socket: RawSocket, limit: number): Promise<Page> => {
    const all: Page = { updates: [], position: 0, epoch: '', caughtUp: false };
    while (!all.caughtUp) {
      const { position, epoch } = all;
      socket.send({ type: 'sync_offline_messages', position, limit, ...(epoch === '' ? {} : { epoch }) });
      const page = await socket.next('offline_messages');
      Object.assign(all, { ...page, updates: [...all.updates, ...page.updates] });
    }
    return all;
  };

  it('C8, C10: socket and HTTP give the same; what one device confirms is where it goes on, and no other', async () => {
    using ann = await openDevice(cluster, { user: 'ann1', node: 1 });
    using eve = await openDevice(cluster, { user: 'eve1', node: 2 });
    for (let n = 0; n < 12; n++) {
      const { client } = n % 3 === 0 ? eve : ann;
      await client.send({ to: 'ben1', content: { text: `message ${n}` } }).stored;
    }
    const { messageId } = await ann.client.send({ to: 'ben1', content: { text: 'never mind' } }).stored;
    await ann.client.recall('ben1', messageId);
    type Unread = { total: number; byConversation: { [conversationId: string]: number } };
    const unread = () => get<Unread>(cluster, 'ben1', '/api/messages/unread-count');
    expect(await unread()).toMatchObject({ total: 13, byConversation: { 'ann1~ben1': 9, 'ben1~eve1': 4 } });
    await until(async () => (await overHttp('ben1', '&position=0', 100)).length === 14, 'messages and the recall');

    using phone = await RawSocket.loggedIn(
      cluster.running.connect[1]?.wsUrl ?? '',
      await cluster.token('ben1'),
      'phone',
    );
    const synced = await overSocket(phone, 5);
    expect(await overHttp('ben1', '&position=0', 4)).toEqual(synced.updates);
    expect(synced.updates).toHaveLength(14);
    const { position, epoch } = synced;
    phone.send({ type: 'confirm_messages_synced', position, epoch });
    await phone.next('confirm_ok');
    await until(async () => (await overHttp('ben1', '&deviceId=phone', 100)).length === 0, 'the phone has it all');
    expect(await overHttp('ben1', '&deviceId=laptop', 100)).toHaveLength(14);
    // Delivered does not mean read.
    expect((await unread()).total).toBe(13);
    await until(
      () => eve.client.conversation('ben1').messages.every(({ state }) => state === 'delivered'),
      'the senders learn that a device has it',
    );
  });
}
