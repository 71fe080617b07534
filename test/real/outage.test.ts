import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { killEngine, startEngine } from '../../deploy/engines/control.ts';
import type { EngineName } from '../../deploy/engines/engine.ts';
import type { EngineSet } from '../../deploy/engines/local-engines.ts';
import { ProcessCluster } from '../cluster/process-cluster.ts';
import { RawSocket } from '../hostile/raw-socket.ts';
import { createInstallation, type Installation } from './installation.ts';

/** A set of engines, and those of its databases that are on this machine. */
const SETS: readonly { title: string; set: EngineSet; stores: readonly EngineName[] }[] = [
  { title: 'MySQL, HBase and Elasticsearch all', set: 'large', stores: ['mysql', 'hbase', 'elasticsearch'] },
  { title: 'MySQL', set: 'classic', stores: ['mysql'] },
];

const said = (n: number) => `断电时的消息 blackout${n}`;

describe.each(SETS)('with $title down', ({ set, stores }) => {
  let installation: Installation;
  let cluster: ProcessCluster;
  beforeAll(async () => {
    installation = await createInstallation(set);
    cluster = await ProcessCluster.start({ connect: 2, business: 1, installation });
  }, 180_000);
  afterAll(async () => {
    for (const name of stores) await startEngine(name);
    await cluster?.[Symbol.asyncDispose]();
    await installation?.[Symbol.asyncDispose]();
  }, 300_000);

  it('C3, C11: users log in, send and receive live, also on a node that starts then; later all is stored and found, unaided', async () => {
    const [first = '', second = ''] = cluster.wsUrls;
    const [annToken, benToken] = [await cluster.token('ann'), await cluster.token('ben')];
    await Promise.all(stores.map(killEngine));
    await cluster.signal('connect-2', 'SIGKILL');
    cluster.run('connect-2');

    using ann = await RawSocket.loggedIn(first, annToken, 'phone');
    using ben = await loggedInOnceUp(second, benToken);
    const sentAt = performance.now();
    for (let n = 0; n < 20; n++) {
      ann.send({ type: 'chat', clientMessageId: `m${n}`, to: 'ben', content: { text: said(n) } });
    }
    const ids: string[] = [];
    for (let n = 0; n < 20; n++) {
      const { messageId } = await ann.next('send_ack', ({ clientMessageId }) => clientMessageId === `m${n}`);
      ids.push(messageId);
      await ben.next('chat', (chat) => chat.messageId === messageId);
    }
    expect(performance.now() - sentAt).toBeLessThan(10_000);

    await Promise.all(stores.map(startEngine));
    const stored = new Set<string>();
    const end = performance.now() + 90_000;
    while (stored.size < ids.length && performance.now() < end) {
      for (const frame of ann.frames.splice(0)) if (frame.type === 'server_ack') stored.add(frame.messageId);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect([...stored].toSorted()).toEqual(ids.toSorted());
    const history = await get<{ messages: { messageId: string }[] }>(
      `${cluster.apiUrl}/api/conversations/ann~ben/messages`,
      benToken,
    );
    expect(history.messages.map(({ messageId }) => messageId).toReversed()).toEqual(ids);
    await expect
      .poll(
        async () =>
          (await get<{ hits: object[] }>(`${cluster.apiUrl}/api/messages/search?q=断电`, benToken)).hits.length,
        {
          timeout: 60_000,
          interval: 500,
        },
      )
      .toBe(ids.length);
  }, 300_000);
});

async function loggedInOnceUp(url: string, token: string): Promise<RawSocket> {
  const end = performance.now() + 60_000;
  for (;;) {
    try {
      return await RawSocket.loggedIn(url, token, 'phone');
    } catch (error) {
      if (performance.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

async function get<T>(url: string, token: string): Promise<T> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}
