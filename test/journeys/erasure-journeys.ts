import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestCluster } from '../cluster/cluster.ts';
import { change, get, openDevice, until } from './devices.ts';
import { serverApi } from './server-api.ts';

interface Page {
  messages: { messageId: string; content?: { text?: string }; recalledAt?: number; position?: number }[];
}

/** A user is erased, on a cluster of two nodes, with any engines. */
export function erasureJourneys(start: () => Promise<TestCluster>): void {
  let cluster: TestCluster;
  let call: Awaited<ReturnType<typeof serverApi>>;
  beforeAll(async () => {
    cluster = await start();
    call = await serverApi(cluster);
  }, 180_000);
  afterAll(() => cluster?.[Symbol.asyncDispose](), 180_000);

  it('C6, C10: an erased user is gone with their messages; partners keep places and counts, and the id stays taken', {
    timeout: 60_000,
  }, async () => {
    const { engines } = cluster.running;
    await call('POST', '/users', { userId: 'ida', password: 'correct horse', displayName: 'Ida Unique' });
    await call(
      'POST',
      '/groups',
      { conversationId: 'idas', name: 'Idas', members: ['jon'] },
      { 'chasqui-actor': 'ida' },
    );
    using ida = await openDevice(cluster, { user: 'ida', node: 1 });
    using jon = await openDevice(cluster, { user: 'jon', node: 2 });
    jon.client.openGroup('idas');
    const words = ['unique words', 'unique answer', 'unique news'];
    const { messageId } = await ida.client.send({ to: 'jon', content: { text: 'unique words' } }).stored;
    await jon.client.send({ to: 'ida', content: { text: 'unique answer' } }).stored;
    await ida.client.send({ conversationId: 'idas', content: { text: 'unique news' } }).stored;
    await change(cluster, 'ida', 'PUT', '/api/devices/ida-phone/push-token', { provider: 'fcm', token: 'a-token' });
    const hits = async () => (await call('GET', '/messages/search?q=unique')).body.hits.length;
    await until(async () => (await hits()) === words.length, 'all are found');
    const places = async (id: string) =>
      (await get<Page>(cluster, 'jon', `/api/conversations/${id}/messages`)).messages.map((one) => one.messageId);
    const before = await Promise.all(['ida~jon', 'idas'].map(places));
    const counts = await get<object>(cluster, 'jon', '/api/messages/unread-count');

    expect(await call('GET', '/users/ida/erasure')).toMatchObject({ status: 404 });
    const asked = await call('PUT', '/users/ida/erasure', { messages: 'erase' });
    expect(asked).toMatchObject({ status: 202, body: { userId: 'ida', messages: 'erase', state: 'running' } });
    const state = async () => (await call('GET', '/users/ida/erasure')).body.state;
    await until(async () => (await state()) === 'done', 'she is erased');

    expect(await Promise.all(['ida~jon', 'idas'].map(places))).toEqual(before);
    expect(await get<object>(cluster, 'jon', '/api/messages/unread-count')).toEqual(counts);
    const { messages } = await get<Page>(cluster, 'jon', '/api/conversations/ida~jon/messages');
    expect(messages.map(({ content, recalledAt }) => [content?.text, recalledAt !== undefined])).toEqual([
      ['unique answer', false],
      [undefined, true],
    ]);
    await until(async () => (await hits()) === 1, 'search finds the answer alone');
    const shown = () => jon.client.conversation('ida').messages.find((one) => one.messageId === messageId);
    await until(() => shown()?.recalledAt !== undefined, "jon's device forgets it");
    await until(() => ida.client.state !== 'online', 'her device is disconnected');
    expect(await change(cluster, 'ida', 'GET', '/api/users/me')).toBe(401);
    expect(await engines.devices.list(['ida'])).toEqual([[]]);
    expect(await engines.groups.groups(['idas'])).toMatchObject([{ owner: 'jon', memberCount: 1 }]);

    const taken = { status: 409, body: { error: { code: 'user_erased' } } };
    expect(await call('POST', '/users', { userId: 'ida' })).toMatchObject(taken);
    expect(await call('DELETE', '/users/ida/disabled')).toMatchObject(taken);
    const { body } = await call('POST', '/users/batch', { users: [{ userId: 'ida' }] });
    expect(body.outcomes).toMatchObject([{ result: 'failed', error: { code: 'user_erased' } }]);
    const register = { userId: 'ida', password: 'another horse' };
    expect(await change(cluster, 'jon', 'POST', '/api/auth/register', register)).toBe(409);
    const audit = await engines.auditLog.page({ target: 'ida', limit: 20 });
    const acts = audit.filter(({ outcome }) => outcome === 'done').map(({ action }) => action);
    expect(acts).toEqual(expect.arrayContaining(['ask_erasure', 'erase_user']));
  });

  it('an erasure without messages keeps them', { timeout: 60_000 }, async () => {
    const { engines } = cluster.running;
    await call('POST', '/users/batch', { users: [{ userId: 'kim' }, { userId: 'lea' }] });
    const sent = { from: 'kim', to: 'lea', clientMessageId: 'kept', content: { text: 'words that stay' } };
    expect(await call('POST', '/messages', sent)).toMatchObject({ status: 200 });
    await call('PUT', '/users/kim/erasure', { messages: 'keep' });
    const erasureOf = async (userId: string) => (await engines.erasures.get([userId]))[0];
    await until(async () => ((await erasureOf('kim'))?.doneAt ?? 0) > 0, 'kim is erased');
    const history = (await call('GET', '/conversations/kim~lea/messages')).body.messages;
    expect(history).toMatchObject([{ content: { text: 'words that stay' } }]);
    const list = (await call('GET', '/erasures?limit=1')).body;
    expect([list.erasures.length, list.nextAfter]).toEqual([1, list.erasures[0].userId]);
  });
}
