import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestCluster } from '../cluster/cluster.ts';
import { change, get, openDevice, until } from './devices.ts';

interface Pushed {
  push: { result: string; reason?: string; deviceId?: string }[];
}

/** Users manage contacts and devices, on a cluster of two nodes, with any engines. */
export function peopleJourneys(start: () => Promise<TestCluster>): void {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await start();
  }, 120_000);
  afterAll(() => cluster?.[Symbol.asyncDispose](), 180_000);

  it('C8, C17: a message to a phone that is away ends in a push outcome; back again, nothing is unread anywhere', async () => {
    using ann = await openDevice(cluster, { user: 'ann1', node: 1 });
    const token = { provider: 'fcm', token: 'a-token', platform: 'android' };
    expect(await change(cluster, 'ben1', 'PUT', '/api/devices/ben1-phone/push-token', token)).toBe(204);
    const { messageId } = await ann.client.send({ to: 'ben1', content: { text: 'are you there?' } }).stored;
    const outcomes = async (user: string) =>
      (await get<Pushed>(cluster, user, `/api/messages/${messageId}/trace`)).push;
    await until(async () => (await outcomes('ben1')).length === 1, 'a push outcome');
    const ended = { result: 'not_needed', reason: 'no_provider', deviceId: 'ben1-phone' };
    expect(await outcomes('ben1')).toMatchObject([ended]);
    expect(await outcomes('ann1')).toEqual([{ result: 'not_needed', at: expect.any(Number) }]);
    using phone = await openDevice(cluster, { user: 'ben1', node: 2 });
    using web = await openDevice(cluster, { user: 'ben1', node: 1, deviceId: 'ben1-web' });
    await until(() => phone.shown.length === 1 && web.shown.length === 1, 'both devices show it');
    phone.client.markRead('ann1');
    const unread = () => get<{ total: number }>(cluster, 'ben1', '/api/messages/unread-count');
    await until(async () => (await unread()).total === 0, 'nothing is unread any more');
  });

  it('C8, C17: what one device sets in a conversation is on the others; clearing reads, and muting leaves counts as they are', async () => {
    using ann = await openDevice(cluster, { user: 'ann5', node: 1 });
    using phone = await openDevice(cluster, { user: 'ben5', node: 2 });
    using web = await openDevice(cluster, { user: 'ben5', node: 1, deviceId: 'ben5-web' });
    const stateOn = ({ client }: typeof web) => client.conversation('ann5').state;
    const { messageId } = await ann.client.send({ to: 'ben5', content: { text: 'one' } }).stored;
    await until(() => phone.shown.length === 1, 'the phone has it');
    await phone.client.setState('ann5', { clearedUpTo: messageId, notify: { level: 'none', until: 0 }, draft: 'I' });
    await until(() => stateOn(web).draft === 'I', 'the other device has the state');
    expect(stateOn(web)).toEqual(stateOn(phone));
    await until(() => web.client.conversation('ann5').readUpTo === messageId, 'clearing has read it');
    await until(() => ann.client.conversation('ben5').messages[0]?.state === 'read', 'its sender knows');
    expect(await get(cluster, 'ben5', '/api/conversations/ann5~ben5/messages')).toEqual({ messages: [] });
    await expect(phone.client.setState('ann5', { draft: 'x'.repeat(5_000) })).rejects.toMatchObject({
      code: 'content_too_large',
      details: { field: 'draft' },
    });
    expect(stateOn(phone).draft).toBe('I');
    for (const { client } of [phone, web]) client.close();
    const token = { provider: 'fcm', token: 'a-token', platform: 'android' };
    expect(await change(cluster, 'ben5', 'PUT', '/api/devices/ben5-phone/push-token', token)).toBe(204);
    const second = await ann.client.send({ to: 'ben5', content: { text: 'two' } }).stored;
    const trace = () => get<Pushed>(cluster, 'ben5', `/api/messages/${second.messageId}/trace`);
    await until(async () => (await trace()).push.length === 1, 'a push outcome');
    expect((await trace()).push).toMatchObject([{ result: 'not_needed', reason: 'no_provider' }]);
    expect(await get(cluster, 'ben5', '/api/messages/unread-count')).toMatchObject({ total: 1 });
    using later = await openDevice(cluster, { user: 'ben5', node: 2, deviceId: 'ben5-tablet' });
    await until(() => stateOn(later).draft === 'I', 'a device that comes later has it from the inbox');
  });

  it('a message that a user deletes for themselves is gone from their devices alone; who reacted is known to both', async () => {
    using ann = await openDevice(cluster, { user: 'ann6', node: 1 });
    using phone = await openDevice(cluster, { user: 'ben6', node: 2 });
    using web = await openDevice(cluster, { user: 'ben6', node: 1, deviceId: 'ben6-web' });
    const sent = ['one', 'two'].map((text) => ann.client.send({ to: 'ben6', content: { text } }).stored);
    const [one, two] = (await Promise.all(sent)).map(({ messageId }) => messageId) as [string, string];
    await until(() => phone.shown.length === 2 && web.shown.length === 2, 'both devices show them');
    await phone.client.react('ann6', two, '👍');
    const ben = { userId: 'ben6', emojis: ['👍'], at: expect.any(Number) };
    expect(await ann.client.reactors('ben6', two, { emoji: '👍' })).toEqual({ reactions: [ben] });
    expect(await web.client.reactors('ann6', one)).toEqual({ reactions: [] });
    await phone.client.hide('ann6', [one]);
    const left = ({ client }: typeof web, peer = 'ann6') =>
      client.conversation(peer).messages.map(({ messageId }) => messageId);
    await until(() => left(phone).length === 1 && left(web).length === 1, 'it is gone from both');
    expect([left(phone), left(web), left(ann, 'ben6')]).toEqual([[two], [two], [one, two]]);
    await expect(phone.client.reactors('ann6', one)).rejects.toMatchObject({ code: 'message_not_found' });
    await expect(phone.client.hide('ann6', [two, '0'.repeat(24)])).rejects.toMatchObject({
      ...{ code: 'message_not_found', details: { field: 'messageIds.1' } },
    });
  });

  it('a block goes both ways: each sender is told so, and nothing of their messages is anywhere', async () => {
    using ann = await openDevice(cluster, { user: 'ann2', node: 1 });
    using ben = await openDevice(cluster, { user: 'ben2', node: 2 });
    expect(await change(cluster, 'ben2', 'PUT', '/api/blocks/ann2')).toBe(204);
    for (const [{ client }, to] of [
      [ann, 'ben2'],
      [ben, 'ann2'],
    ] as const) {
      const outgoing = client.send({ to, content: { text: 'hello?' } });
      await expect(outgoing.queued).rejects.toMatchObject({ code: 'blocked' });
      for (const promise of [outgoing.stored, outgoing.delivered, outgoing.read]) promise.catch(() => {});
    }
    expect(await change(cluster, 'ben2', 'DELETE', '/api/blocks/ann2')).toBe(204);
    await ben.client.send({ to: 'ann2', content: { text: 'and now' } }).delivered;
    expect([ann.shown.length, ben.shown.length]).toEqual([1, 0]);
    const { messages } = await get<{ messages: object[] }>(cluster, 'ben2', '/api/conversations/ann2~ben2/messages');
    expect(messages).toHaveLength(1);
  });

  it('who hides from strangers is seen by contacts alone', async () => {
    const hidden = { privacy: { presence: 'contacts' } };
    expect(await change(cluster, 'ann4', 'PATCH', '/api/users/me', hidden)).toBe(200);
    await change(cluster, 'ben4', 'PUT', '/api/contacts/ann4');
    await change(cluster, 'ann4', 'PUT', '/api/contacts/ben4');
    using ann = await openDevice(cluster, { user: 'ann4', node: 1 });
    using ben = await openDevice(cluster, { user: 'ben4', node: 2 });
    using eve = await openDevice(cluster, { user: 'eve4', node: 2 });
    const seen: [string, boolean][] = [];
    ben.client.on('presence', ({ online }) => seen.push(['ben4', online]));
    eve.client.on('presence', ({ online }) => seen.push(['eve4', online]));
    for (const { client } of [ben, eve]) client.subscribePresence(['ann4']);
    await until(() => seen.length === 2, 'both are told');
    expect(seen.toSorted()).toEqual([
      ['ben4', true],
      ['eve4', false],
    ]);
    expect(ann.shown).toEqual([]);
  });

  it('a device that is logged out from another is told, and the other goes on', async () => {
    using phone = await openDevice(cluster, { user: 'ann3', node: 1, deviceId: 'phone' });
    using laptop = await openDevice(cluster, { user: 'ann3', node: 2, deviceId: 'laptop' });
    const reasons: string[] = [];
    phone.client.on('kicked', ({ reason }) => reasons.push(reason));
    type Listed = { devices: { deviceId: string; online: boolean }[] };
    const listed = async () => (await get<Listed>(cluster, 'ann3', '/api/devices')).devices;
    await until(async () => (await listed()).length === 2, 'both devices are listed');
    expect(await change(cluster, 'ann3', 'DELETE', '/api/devices/phone')).toBe(204);
    await until(() => reasons.length > 0, 'the phone is told');
    expect(reasons).toEqual(['logged_out']);
    await until(async () => (await listed()).length === 1, 'the laptop is left');
    await laptop.client.send({ to: 'ben3', content: { text: 'still here' } }).stored;
    expect(await listed()).toMatchObject([{ deviceId: 'laptop', online: true }]);
  });
}
