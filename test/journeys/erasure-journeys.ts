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
    const lodge = { conversationId: 'lodge', name: 'Lodge', settings: { join: 'approval' } };
    await call('POST', '/groups', lodge, { 'chasqui-actor': 'jon' });
    const { linkId } = (await call('POST', '/groups/lodge/links', {})).body;
    expect(await change(cluster, 'ida', 'POST', `/api/group-links/${linkId}/join`)).toBe(200);
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
    // Nodes and the API learn of it each by themselves.
    await until(async () => (await change(cluster, 'ida', 'GET', '/api/users/me')) === 401, 'her token is refused');
    expect(await engines.devices.list(['ida'])).toEqual([[]]);
    expect(await engines.groups.groups(['idas'])).toMatchObject([{ owner: 'jon', memberCount: 1 }]);

    const taken = { status: 409, body: { error: { code: 'user_erased' } } };
    expect((await call('GET', '/groups/lodge/requests')).body.requests).toEqual([]);
    const decide = (decision: string) => call('POST', `/groups/lodge/requests/${decision}`, { users: ['ida'] });
    expect(await decide('approve')).toMatchObject(taken);
    expect(await decide('decline')).toMatchObject({ status: 200, body: { users: [] } });
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

  it('what a legal hold covers is kept when it is deleted, for its readers alone, and its user is not erased', {
    timeout: 60_000,
  }, async () => {
    const { engines } = cluster.running;
    await call('POST', '/users/batch', { users: [{ userId: 'max' }, { userId: 'nia' }] });
    const send = async (from: string, to: string, text: string) => {
      const sent = { from, to, clientMessageId: text.replaceAll(' ', '-'), content: { text } };
      return (await call('POST', '/messages', sent)).body.messageId as string;
    };
    const before = await send('max', 'nia', 'deleted before');
    const path = (messageId: string) => `/conversations/max~nia/messages/${messageId}`;
    expect((await call('DELETE', path(before))).status).toBe(204);
    const order = { kind: 'user', subject: 'max', reason: 'case 7' };
    const { status, body: hold } = await call('POST', '/holds', order);
    expect([status, hold]).toMatchObject([201, order]);
    expect((await call('POST', '/holds', order)).body).toEqual(hold);
    expect((await call('GET', '/holds')).body.holds).toEqual([hold]);
    const refused = { status: 409, body: { error: { code: 'legal_hold', field: 'userId' } } };
    expect(await call('PUT', '/users/max/erasure', { messages: 'erase' })).toMatchObject(refused);

    const own = await send('max', 'nia', 'needle of max');
    const answer = await send('nia', 'max', 'needle of nia');
    const other = await send('nia', 'ola', 'needle for ola');
    using max = await openDevice(cluster, { user: 'max', node: 1 });
    await until(() => max.client.conversation('nia').messages.length > 0, 'his device has them');
    await max.client.recall('nia', own);
    expect((await call('DELETE', path(answer))).status).toBe(204);
    expect((await call('DELETE', `/conversations/nia~ola/messages/${other}`)).status).toBe(204);
    const history = async () => (await call('GET', '/conversations/max~nia/messages')).body.messages;
    await until(async () => (await history()).every((one: { content?: object }) => !one.content), 'all is hidden');
    const kept = async () => (await call('GET', `/holds/${hold.holdId}/messages?limit=9`)).body.messages;
    expect((await kept()).map((one: { messageId: string; content: object }) => [one.messageId, one.content])).toEqual([
      [own, { text: 'needle of max' }],
      [answer, { text: 'needle of nia' }],
    ]);
    const hits = async () => (await call('GET', '/messages/search?q=needle')).body.hits.length;
    await until(async () => (await hits()) === 0, 'search finds none of them');

    await engines.erasures.begin({ userId: 'max', erasesMessages: true, askedBy: 'cli:test', requestedAt: 1 });
    await call('PUT', '/users/pia/erasure', { messages: 'keep', unknownToo: true });
    const doneAt = async (userId: string) => (await engines.erasures.get([userId]))[0]?.doneAt ?? 0;
    await until(async () => (await doneAt('pia')) > 0, 'another user is erased meanwhile');
    expect([await doneAt('max'), (await engines.profiles.get(['max']))[0]?.userId]).toEqual([0, 'max']);
    expect((await call('DELETE', `/holds/${hold.holdId}`)).status).toBe(204);
    expect(await call('GET', `/holds/${hold.holdId}/messages`)).toMatchObject({ status: 404 });
    expect(await engines.holds.kept(hold.holdId, { limit: 9 })).toEqual([]);
    const audit = (await engines.auditLog.page({ target: 'max', limit: 20 })).map(({ action }) => action);
    expect(audit).toEqual(expect.arrayContaining(['place_hold', 'read_held', 'release_hold']));
  });
}
