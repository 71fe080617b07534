import { createClient, memoryStore } from '@chasqui/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProcessCluster } from '../cluster/process-cluster.ts';
import { RawSocket } from '../hostile/raw-socket.ts';
import { until } from './devices.ts';

let cluster: ProcessCluster;
beforeAll(async () => {
  cluster = await ProcessCluster.start({ connect: 2, business: 1 });
}, 60_000);
afterAll(() => cluster?.[Symbol.asyncDispose](), 60_000);

describe('a process that is told to stop', () => {
  it('C14: a Connect node finishes what it accepted, sends its clients elsewhere, and exits with 0', async () => {
    const [first = '', second = ''] = cluster.wsUrls;
    const token = await cluster.token('ann');
    using raw = await RawSocket.loggedIn(first, token, 'raw');
    using receiver = await RawSocket.loggedIn(second, await cluster.token('ben'), 'phone');
    for (let n = 0; n < 200; n++) {
      raw.send({ type: 'chat', clientMessageId: `d${n}`, to: 'ben', content: { text: `${n}` } });
    }
    await raw.next('send_ack');
    const exit = cluster.signal('connect-1', 'SIGTERM');
    expect(await raw.closed()).toBe(4000);
    expect(await exit).toBe(0);
    const acked = raw.frames.filter((frame) => frame.type === 'send_ack').length + 1;
    const refused = raw.frames.filter((frame) => frame.type === 'error');
    expect(refused.filter((frame) => frame.code !== 'node_draining')).toEqual([]);
    expect(acked + refused.length).toBe(200);
    await until(() => receiver.frames.filter((frame) => frame.type === 'chat').length >= acked, 'all arrives');
    cluster.run('connect-1');
    await cluster.ready();
  }, 60_000);

  it('C6, C14: clients go on at another node without losing or doubling a message', async () => {
    const open = async (user: string) =>
      createClient({
        urls: cluster.wsUrls,
        token: await cluster.token(user),
        deviceId: 'phone',
        store: memoryStore(),
      });
    using ann = await open('ann2');
    using ben = await open('ben2');
    const shown: string[] = [];
    ben.on('message', ({ message }) => shown.push(message.content.text ?? ''));
    await Promise.all([ann.connect(), ben.connect()]);
    const texts = Array.from({ length: 400 }, (_, n) => `message ${n}`);
    const stored: Promise<unknown>[] = [];
    for (const [n, text] of texts.entries()) {
      stored.push(ann.send({ to: 'ben2', content: { text } }).stored);
      if (n === 100) void cluster.signal('connect-1', 'SIGTERM').then(() => cluster.run('connect-1'));
      if (n === 300) void cluster.signal('connect-2', 'SIGTERM').then(() => cluster.run('connect-2'));
      if (n % 10 === 0) await stored.at(-1);
    }
    await Promise.all(stored);
    await until(() => shown.length >= texts.length, 'everything arrives');
    // Live messages may come before a gap is healed: each is given once, with its place, and the view is in order (C5).
    expect(shown.toSorted()).toEqual(texts.toSorted());
    expect(ben.conversation('ann2').messages.map(({ content }) => content.text)).toEqual(texts);
  }, 60_000);

  it('C14: every app exits with 0', async () => {
    for (const name of ['api', 'push', 'datasync', 'business-1', 'connect-1', 'connect-2', 'engine']) {
      expect([name, await cluster.signal(name, 'SIGTERM')]).toEqual([name, 0]);
    }
  }, 60_000);
});
