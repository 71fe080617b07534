import { afterAll, beforeAll, expect, it } from 'vitest';
import { PNG } from '../api/pictures.ts';
import type { TestCluster } from '../cluster/cluster.ts';
import { type Device, openDevice, until } from './devices.ts';

interface Moments {
  moments: { momentId: string; text: string; likes: number }[];
}

/** A call of the cluster's API as a user. */
async function call(cluster: TestCluster, user: string, method: string, path: string, body?: object | Buffer) {
  const authorization = `Bearer ${await cluster.token(user)}`;
  const type = Buffer.isBuffer(body) ? 'image/png' : 'application/json';
  return fetch(`${cluster.running.url}${path}`, {
    method,
    headers: { authorization, ...(body === undefined ? {} : { 'content-type': type }) },
    ...(body === undefined ? {} : { body: Buffer.isBuffer(body) ? Uint8Array.from(body) : JSON.stringify(body) }),
  });
}

/** The updates about moments that the device's application receives. */
function toldOn({ client }: Device): string[] {
  const told: string[] = [];
  client.on('moment', ({ event, by }) => told.push(`${event} by ${by}`));
  return told;
}

/** Moments on a cluster of two nodes, with any engines. */
export function momentJourneys(start: () => Promise<TestCluster>): void {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await start();
    for (const friend of ['ben', 'cat', 'dan', 'eve']) {
      await call(cluster, 'ann', 'PUT', `/api/contacts/${friend}`);
      expect((await call(cluster, friend, 'PUT', '/api/contacts/ann')).status).toBe(200);
    }
    expect((await call(cluster, 'ann', 'DELETE', '/api/contacts/dan')).status).toBe(204);
    expect((await call(cluster, 'eve', 'PUT', '/api/blocks/ann')).status).toBe(204);
  }, 120_000);
  afterAll(() => cluster?.[Symbol.asyncDispose](), 180_000);

  const feed = async (user: string) =>
    ((await (await call(cluster, user, 'GET', '/api/moments')).json()) as Moments).moments.map(({ text }) => text);
  const post = async (moment: object): Promise<string> => {
    const answer = await call(cluster, 'ann', 'POST', '/api/moments', moment);
    expect(answer.status).toBe(201);
    return ((await answer.json()) as { momentId: string }).momentId;
  };

  it('is seen, with its picture, by contacts alone: not by strangers, who parted, who blocked, or was not chosen', async () => {
    const uploaded = await call(cluster, 'ann', 'POST', '/api/moments/pictures', PNG);
    const { pictureId } = (await uploaded.json()) as { pictureId: string };
    const chosen = await post({ text: 'for ben', chosen: ['ben'] });
    const momentId = await post({ text: '海边', pictures: [pictureId] });
    const picture = (user: string) => call(cluster, user, 'GET', `/api/moments/${momentId}/pictures/${pictureId}`);
    for (const user of ['ann', 'ben', 'cat']) {
      expect(Buffer.from(await (await picture(user)).arrayBuffer()).equals(PNG)).toBe(true);
    }
    for (const user of ['dan', 'eve', 'zoe']) expect((await picture(user)).status).toBe(404);
    expect((await call(cluster, 'cat', 'GET', `/api/moments/${chosen}`)).status).toBe(404);
    const feeds = await Promise.all(['ann', 'ben', 'cat', 'dan', 'eve', 'zoe'].map(feed));
    expect(feeds).toEqual([['海边', 'for ben'], ['海边', 'for ben'], ['海边'], [], [], []]);
    expect((await call(cluster, 'ann', 'DELETE', `/api/moments/${momentId}`)).status).toBe(204);
    expect((await picture('ben')).status).toBe(404);
    expect(await feed('ben')).toEqual(['for ben']);
  });

  it('C10: likes and comments reach every device of the author once, live or on return, and no one else', async () => {
    const momentId = await post({ text: 'who is here?' });
    using phone = await openDevice(cluster, { user: 'ann', node: 1, deviceId: 'ann-phone' });
    using laptop = await openDevice(cluster, { user: 'ann', node: 2, deviceId: 'ann-laptop' });
    using ben = await openDevice(cluster, { user: 'ben', node: 1 });
    const here = [toldOn(phone), toldOn(laptop)];
    const elsewhere = toldOn(ben);
    for (let i = 0; i < 2; i++) {
      expect((await call(cluster, 'ben', 'PUT', `/api/moments/${momentId}/like`)).status).toBe(204);
      const comment = { text: '我在', clientCommentId: 'one' };
      expect((await call(cluster, 'cat', 'POST', `/api/moments/${momentId}/comments`, comment)).status).toBe(201);
    }
    const both = ['like by ben', 'comment by cat'];
    await until(() => here.every((told) => told.length === 2), 'both devices are told');
    expect(here).toEqual([both, both]);
    using tablet = await openDevice(cluster, { user: 'ann', node: 2, deviceId: 'ann-tablet' });
    const late = toldOn(tablet);
    await ben.client.send({ to: 'ann', content: { text: 'and a message behind it' } }).delivered;
    await until(() => tablet.shown.length === 1 && phone.shown.length === 1, 'the message is on every device');
    await until(() => late.length === 2, 'the new device has what was said before it came');
    expect([late, ...here, elsewhere]).toEqual([both, both, both, []]);
  });
}
