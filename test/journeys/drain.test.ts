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

const chat = (n: number) => ({ type: 'chat', clientMessageId: `d${n}`, to: 'ben', content: { text: `${n}` } });
/** A device that shows each message once, however often it arrives. */
const texts = (socket: RawSocket) => {
  const shown = new Map<string, string>();
  for (const frame of socket.frames) if (frame.type === 'chat') shown.set(frame.messageId, frame.content?.text ?? '');
  return [...shown.values()];
};

describe('a process that is told to stop', () => {
  it('C14: a Connect node finishes what it accepted, sends its clients elsewhere, and exits with 0', async () => {
    const [first = '', second = ''] = cluster.wsUrls;
    const token = await cluster.token('ann');
    using raw = await RawSocket.loggedIn(first, token, 'raw');
    using receiver = await RawSocket.loggedIn(second, await cluster.token('ben'), 'phone');
    for (let n = 0; n < 200; n++) {
      raw.send(chat(n));
    }
    await raw.next('send_ack');
    const exit = cluster.signal('connect-1', 'SIGTERM');
    expect(await raw.closed()).toBe(4000);
    expect(await exit).toBe(0);
    const answered = raw.frames.filter((frame) => frame.type === 'send_ack' || frame.type === 'error');
    const refused = answered.filter((frame) => frame.type === 'error');
    expect(refused.filter((frame) => frame.code !== 'node_draining')).toEqual([]);
    // Every message that the node had accepted has its ack by now: no other message of it is stored later.
    const acked = ['d0', ...answered.flatMap((frame) => (frame.type === 'send_ack' ? [frame.clientMessageId] : []))];
    await until(() => texts(receiver).length >= acked.length, 'all that was acked arrives');
    // The rest was refused or never read. A client resends it to another node, and everything is stored once.
    using again = await RawSocket.loggedIn(second, token, 'raw');
    expect(texts(receiver)).toEqual(acked.map((id) => id.slice(1)));
    for (let n = 0; n < 200; n++) again.send(chat(n));
    await until(() => texts(receiver).length >= 200, 'all of it arrives');
    await again.next('server_ack', (frame) => frame.clientMessageId === 'd199');
    expect(texts(receiver)).toEqual(Array.from({ length: 200 }, (_, n) => `${n}`));
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
    const restarts: Promise<void>[] = [];
    const restart = async (name: string) => {
      await cluster.signal(name, 'SIGTERM');
      cluster.run(name);
    };
    for (const [n, text] of texts.entries()) {
      stored.push(ann.send({ to: 'ben2', content: { text } }).stored);
      if (n === 100) restarts.push(restart('connect-1'));
      if (n === 300) restarts.push(restart('connect-2'));
      if (n % 10 === 0) await stored.at(-1);
    }
    await Promise.all(stored);
    await until(() => shown.length >= texts.length, 'everything arrives');
    // Live messages may arrive before a gap is healed: each is passed on once, with its position, and the view is in
    // order (C5).
    expect(shown.toSorted()).toEqual(texts.toSorted());
    expect(ben.conversation('ann2').messages.map(({ content }) => content.text)).toEqual(texts);
    // A process that has not run its first line dies of the signal: so wait until all of them are up.
    await Promise.all(restarts);
    await cluster.ready();
  }, 60_000);

  it('C14: every app exits with 0', async () => {
    for (const name of ['api', 'push', 'datasync', 'business-1', 'connect-1', 'connect-2', 'engine']) {
      expect([name, await cluster.signal(name, 'SIGTERM')]).toEqual([name, 0]);
    }
  }, 60_000);
});
