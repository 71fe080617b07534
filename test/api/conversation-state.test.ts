import { CONVERSATION_RULES } from '@chasqui/core';
import { CONVERSATION_TOPIC } from '@chasqui/domain';
import type { Delivery } from '@chasqui/ports';
import { expect, test } from 'vitest';
import { createTestApi, type TestApi } from './fixture.ts';

const URL = '/api/conversations/ana~bob/state';

function change(api: TestApi, payload: object, url = URL) {
  return api.call('PATCH', url, { as: 'ana', payload });
}

/** What ana's list says of her first conversation. */
async function listed(api: TestApi) {
  return (await api.call('GET', '/api/conversations', { as: 'ana' })).json().conversations[0];
}

async function textsOf(api: TestApi, url: string, as = 'ana'): Promise<string[]> {
  const { messages, hits } = (await api.call('GET', url, { as })).json();
  return (messages ?? hits).map(
    ({ content, text }: { content?: { text: string }; text?: string }) => text ?? content?.text,
  );
}

test('what a user sets in a conversation is theirs, is listed with it, and comes to their devices by the inbox', async () => {
  const delivered: Delivery[] = [];
  await using api = await createTestApi({
    peers: {
      async deliver(_, deliveries) {
        delivered.push(...deliveries);
        return deliveries.map(() => 1);
      },
      async [Symbol.asyncDispose]() {},
    },
  });
  await api.deps.nodes.renew(
    { nodeId: 'n1', wsUrl: 'ws://x', peerUrl: 'p', draining: false, connections: 1 } as never,
    9_000,
  );
  await api.deps.presence.register({
    ...{ userId: 'ana', deviceId: 'web', sessionId: 's1', nodeId: 'n1', since: 1, platform: 'web' },
  } as never);
  await api.store('bob', 'ana', 'hello');
  expect(await listed(api)).not.toHaveProperty('state');
  const notify = { level: 'none', until: 0 };
  const answer = await change(api, { pinnedAt: 7, notify: { level: 'none' }, draft: 'I was' });
  const state = { pinnedAt: 7, notify, draft: 'I was', changedAt: api.clock.now() };
  expect(answer.json()).toEqual({ conversationId: 'ana~bob', state, position: 2 });
  expect(await listed(api)).toMatchObject({ state, unread: 1 });
  expect((await api.call('GET', '/api/conversations', { as: 'bob' })).json().conversations[0]).not.toHaveProperty(
    'state',
  );
  const update = { type: 'conversation_state', conversationId: 'ana~bob', state, position: 2 };
  expect(delivered.map(({ userId, frame }) => [userId, JSON.parse(String(frame))])).toEqual([['ana', update]]);
  const page = await api.call('GET', '/api/messages/offline?position=1&deviceId=web', { as: 'ana' });
  expect(page.json().updates).toEqual([update]);
  expect((await change(api, { pinnedAt: 7 })).json()).toEqual({ conversationId: 'ana~bob', state });
  expect(delivered).toHaveLength(1);
  const back = await change(api, { pinnedAt: 0, notify: { level: 'default', until: 5 }, draft: '' });
  expect(back.json()).toEqual({ conversationId: 'ana~bob', state: {}, position: 3 });
  expect(await listed(api)).not.toHaveProperty('state');
});

test('the states that a user has set come page by page, also of conversations without a message', async () => {
  await using api = await createTestApi();
  for (const peer of ['cat', 'bob', 'dan'])
    await change(api, { archived: true }, `/api/conversations/ana~${peer}/state`);
  const first = (await api.call('GET', '/api/conversations/states?limit=2', { as: 'ana' })).json();
  expect(first).toMatchObject({
    states: [{ conversationId: 'ana~bob', state: { archived: true } }, { conversationId: 'ana~cat' }],
    nextCursor: 'ana~cat',
  });
  const rest = (await api.call('GET', `/api/conversations/states?cursor=${first.nextCursor}`, { as: 'ana' })).json();
  expect(rest).toEqual({ states: [{ conversationId: 'ana~dan', state: expect.anything() }] });
  expect((await api.call('GET', '/api/conversations/states', { as: 'bob' })).json()).toEqual({ states: [] });
});

test('what a user clears is gone from their history, search and list, not from the other’s', async () => {
  await using api = await createTestApi();
  const sent = [];
  for (let i = 0; i < 12; i++) sent.push(await api.store(i % 2 ? 'ana' : 'bob', i % 2 ? 'bob' : 'ana', `word ${i}`));
  await api.store('cat', 'ana', 'word of cat');
  const history = '/api/conversations/ana~bob/messages?limit=2';
  const search = '/api/messages/search?q=word&limit=3';
  await change(api, { clearedUpTo: sent[9]?.messageId });
  expect(await textsOf(api, history)).toEqual(['word 11', 'word 10']);
  expect((await api.call('GET', history, { as: 'ana' })).json()).not.toHaveProperty('nextBefore');
  expect(await textsOf(api, search)).toEqual(['word of cat', 'word 11', 'word 10']);
  expect((await api.call('GET', search, { as: 'ana' })).json()).not.toHaveProperty('nextBefore');
  expect((await listed(api)).lastMessage.preview).toBe('word of cat');
  await change(api, { clearedUpTo: sent[11]?.messageId });
  await change(api, { clearedUpTo: sent[0]?.messageId });
  expect(await textsOf(api, history)).toEqual([]);
  expect(await textsOf(api, search)).toEqual(['word of cat']);
  const [, row] = (await api.call('GET', '/api/conversations', { as: 'ana' })).json().conversations;
  expect(row).toMatchObject({ conversationId: 'ana~bob', lastMessage: { preview: '' } });
  expect(await textsOf(api, history, 'bob')).toEqual(['word 11', 'word 10']);
  expect(await textsOf(api, '/api/messages/search?q=word&limit=20', 'bob')).toHaveLength(12);
});

test('C8: clearing reads the conversation up to there, as a device would; once read, it does not again', async () => {
  await using api = await createTestApi();
  const events: unknown[] = [];
  await using _ = api.deps.bus.consume({
    topic: CONVERSATION_TOPIC,
    group: 'test',
    handle: async (batch) => {
      for (const { body } of batch) events.push(...JSON.parse(String(body)));
    },
  });
  const { messageId } = await api.store('bob', 'ana', 'hello');
  await change(api, { clearedUpTo: messageId });
  await api.clock.advance(1_000);
  expect(events).toEqual([
    expect.objectContaining({ type: 'receipt', state: 'read', messageIds: [messageId], by: 'ana' }),
  ]);
  expect(CONVERSATION_RULES.verdictOf(events[0])).toBe('sound');
  await api.deps.conversations.markRead({
    userId: 'ana',
    conversationId: 'ana~bob',
    upTo: messageId,
    at: 1,
    node: 'n',
  });
  await change(api, { clearedUpTo: messageId });
  await api.clock.advance(1_000);
  expect(events).toHaveLength(1);
});

test('C15: what cannot be set is refused by its field, and changes nothing', async () => {
  await using api = await createTestApi();
  await api.store('bob', 'ana', 'hello');
  const elsewhere = await api.store('bob', 'cat', 'private');
  const unknown = 'f'.repeat(24);
  const cases: [payload: object, status: number, code: string, field: string][] = [
    [{ clearedUpTo: unknown }, 404, 'message_not_found', 'clearedUpTo'],
    [{ hiddenUpTo: unknown }, 404, 'message_not_found', 'hiddenUpTo'],
    [{ clearedUpTo: elsewhere.messageId }, 404, 'message_not_found', 'clearedUpTo'],
    [{ clearedUpTo: '' }, 400, 'invalid_request', 'clearedUpTo'],
    [{ draft: 'é'.repeat(2_049) }, 413, 'content_too_large', 'draft'],
    [{ notify: { level: 'some', until: 0 } }, 400, 'invalid_request', 'notify.level'],
    [{ pinnedAt: -1 }, 400, 'invalid_request', 'pinnedAt'],
    [{ pinnedAt: 1e300 }, 400, 'invalid_request', 'pinnedAt'],
    [{ changedAt: 1 }, 400, 'invalid_request', 'changedAt'],
    [{}, 400, 'invalid_request', ''],
  ];
  for (const [payload, status, code, field] of cases) {
    const answer = await change(api, { ...payload });
    expect([answer.statusCode, answer.json().error.code, answer.json().error.field ?? '']).toEqual([
      status,
      code,
      field,
    ]);
  }
  expect((await change(api, { archived: true }, '/api/conversations/bob~cat/state')).json().error).toMatchObject({
    ...{ code: 'not_a_member', field: 'conversationId' },
  });
  expect(await listed(api)).not.toHaveProperty('state');
  expect((await change(api, { draft: 'é'.repeat(2_048) })).statusCode).toBe(200);
  expect((await change(api, { hiddenUpTo: '' })).statusCode).toBe(200);
});

test('C16: changes come at a bounded pace: each is an update of the inbox', async () => {
  await using api = await createTestApi({}, { statesPerUser: { perSecond: 1, burst: 2 } });
  const answers = [];
  for (let i = 1; i <= 3; i++) answers.push((await change(api, { pinnedAt: i })).statusCode);
  expect(answers).toEqual([200, 200, 429]);
});
