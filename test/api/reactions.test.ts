import { MAX_REVISION } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { makeKey, withKey } from './access/api-keys.ts';
import { createTestApi, type TestApi } from './fixture.ts';

const [UP, HEART] = ['👍', '❤️'];
const HISTORY = '/api/conversations/ana~bob/messages';

const get = async (api: TestApi, as: string, url: string) => (await api.call('GET', url, { as })).json();

async function react(
  { deps }: TestApi,
  { conversationId, messageId, audience }: Awaited<ReturnType<TestApi['store']>>,
  ...wants: [by: string, emoji: string][]
) {
  const wanted = wants.map(([by, emoji], n) => ({ by, emoji, on: true, actionId: `${by}-${n}`, at: 7 }));
  const given = { conversationId, messageId, audience, messageRevision: MAX_REVISION, wanted, limits: deps.limits };
  return deps.reactions.react(given);
}

test('history, single reads, syncs and traces have the reactions of now, and which are the reader’s own', async () => {
  await using api = await createTestApi();
  const [first, other] = [await api.store('ana', 'bob', 'one'), await api.store('bob', 'ana', 'two')];
  await react(api, first, ['bob', UP], ['ana', UP], ['bob', HEART]);
  const shown = (own: readonly string[]) => ({
    revision: 3,
    counts: [UP, HEART].map((emoji) => ({
      ...{ emoji, count: emoji === UP ? 2 : 1 },
      ...(own.includes(emoji) && { mine: true }),
    })),
  });
  const { messages } = await get(api, 'bob', HISTORY);
  expect(messages.map(({ reactions }: { reactions: object }) => reactions)).toEqual([undefined, shown([UP, HEART])]);
  expect((await get(api, 'ana', `${HISTORY}/${first.messageId}`)).reactions).toEqual(shown([UP]));
  expect(await get(api, 'ana', `/api/messages/${first.messageId}/trace`)).toMatchObject({ reactions: shown([UP]) });
  expect(await get(api, 'ana', `/api/messages/${other.messageId}/trace`)).not.toHaveProperty('reactions');
  const { updates } = await get(api, 'bob', '/api/messages/offline?position=0');
  expect(updates).toMatchObject([
    { type: 'chat', messageId: first.messageId, reactions: shown([UP, HEART]) },
    { type: 'chat', messageId: other.messageId },
    { type: 'action', action: 'react', messageId: first.messageId, reactions: shown([UP, HEART]), position: 3 },
  ]);
  expect(updates[2]).not.toHaveProperty('changes');
});

test('who has reacted is paged, also by one emoji; C15: what is none is refused by its field', async () => {
  await using api = await createTestApi();
  const message = await api.store('ana', 'bob', 'one');
  const url = `${HISTORY}/${message.messageId}/reactions`;
  expect(await get(api, 'ana', url)).toEqual({ reactions: [] });
  await react(api, message, ['bob', UP], ['ana', UP], ['bob', HEART]);
  const [anas, bobs] = [
    { userId: 'ana', emojis: [UP], at: 7 },
    { userId: 'bob', emojis: [UP, HEART], at: 7 },
  ];
  expect(await get(api, 'ana', url)).toEqual({ reactions: [anas, bobs] });
  const page = await get(api, 'ana', `${url}?limit=1`);
  expect(page).toEqual({ reactions: [anas], nextCursor: 'ana' });
  expect(await get(api, 'ana', `${url}?limit=1&cursor=${page.nextCursor}`)).toEqual({ reactions: [bobs] });
  expect(await get(api, 'bob', `${url}?emoji=${encodeURIComponent('❤')}`)).toEqual({ reactions: [bobs] });
  const refused = await api.call('GET', `${url}?emoji=ok`, { as: 'ana' });
  expect([refused.statusCode, refused.json().error]).toMatchObject([400, { code: 'invalid_request', field: 'emoji' }]);
  const key = withKey(await makeKey(api));
  const server = await api.call('GET', url.replace('/api/', '/api/server/'), key);
  expect(server.json()).toEqual({ reactions: [anas, bobs] });
});

test('C20: whoever may not see the message, or has hidden it, sees no reaction', async () => {
  await using api = await createTestApi();
  const message = await api.store('ana', 'bob', 'one');
  await react(api, message, ['bob', UP]);
  const url = `${HISTORY}/${message.messageId}/reactions`;
  expect((await api.call('GET', url, { as: 'eve' })).statusCode).toBe(403);
  const hide = { as: 'ana', payload: { messageIds: [message.messageId] } };
  await api.call('POST', '/api/conversations/ana~bob/hidden-messages', hide);
  expect((await api.call('GET', url, { as: 'ana' })).statusCode).toBe(404);
  expect(JSON.stringify(await get(api, 'ana', '/api/messages/offline?position=0'))).not.toContain(UP);
  expect(JSON.stringify(await get(api, 'bob', '/api/messages/offline?position=0'))).toContain(UP);
});

test('an export has the reactions, and an import of it records them; what is there stays', async () => {
  await using from = await createTestApi();
  await using to = await createTestApi();
  const message = await from.store('ana', 'bob', 'one');
  await react(from, message, ['bob', UP], ['ana', HEART]);
  const exported = await from.call('GET', '/api/server/conversations/ana~bob/export', withKey(await makeKey(from)));
  const lines = exported.payload.trim().split('\n');
  const reactions = lines.map((line) => JSON.parse(line)).filter(({ type }) => type === 'reaction');
  const { conversationId, messageId } = message;
  expect(reactions).toEqual([
    { type: 'reaction', conversationId, messageId, userId: 'ana', emojis: [HEART], at: 7 },
    { type: 'reaction', conversationId, messageId, userId: 'bob', emojis: [UP], at: 7 },
  ]);
  const { headers } = withKey(await makeKey(to));
  const imported = async (text: string) =>
    (
      await to.call('POST', '/api/server/imports', {
        payload: text,
        headers: { ...headers, 'content-type': 'application/x-ndjson' },
      })
    ).json();
  expect(await imported(exported.payload)).toMatchObject({ imported: lines.length, errors: [] });
  expect((await get(to, 'bob', `${HISTORY}/${messageId}/reactions`)).reactions).toHaveLength(2);
  expect(await imported(exported.payload)).toMatchObject({ imported: 0, repeated: lines.length, errors: [] });
  const wrong = [
    { ...reactions[0], userId: 'eve' },
    { ...reactions[0], emojis: ['ok'] },
    { ...reactions[0], messageId: '0'.repeat(24) },
    { ...reactions[0], emojis: ['😀', '😁', '😂', '🤣'] },
  ].map((line) => JSON.stringify(line));
  expect(await imported(wrong.join('\n'))).toMatchObject({
    errors: [
      { line: 1, code: 'not_a_member', field: 'userId' },
      { line: 2, code: 'invalid_request', field: 'emojis.0' },
      { line: 3, code: 'message_not_found', field: 'messageId' },
      { line: 4, code: 'limit_reached', field: 'emojis' },
    ],
  });
});

test('an export of a user has what they reacted with in groups', async () => {
  await using api = await createTestApi();
  const { groups, limits } = api.deps;
  const details = { name: 'Team', description: '', picture: '', settings: {}, members: ['bob'] };
  const asked = { change: 'create', conversationId: 'crew', changeId: 'c', by: 'ana', at: 1, details } as const;
  await groups.apply(asked, limits);
  const message = await api.post('crew', 'ana', 'to all');
  await react(api, message, ['bob', UP], ['ana', HEART]);
  const exported = await api.call('GET', '/api/server/users/bob/export', withKey(await makeKey(api)));
  const lines = exported.payload
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.filter(({ type }) => type === 'reaction')).toMatchObject([{ userId: 'bob', emojis: [UP] }]);
});

test('C20: who has left a group sees no reactions to what they still read', async () => {
  await using api = await createTestApi();
  const { groups, limits } = api.deps;
  const change = (change: string, details: object, by = 'ana') =>
    groups.apply(
      { change, conversationId: 'crew', changeId: change, by, at: api.clock.now(), details } as never,
      limits,
    );
  await change('create', { name: 'Team', description: '', picture: '', settings: {}, members: ['bob'] });
  const message = await api.post('crew', 'ana', 'to all');
  await react(api, message, ['ana', UP]);
  const read = async (as: string) =>
    JSON.stringify([
      await get(api, as, '/api/conversations/crew/messages'),
      await get(api, as, `/api/messages/${message.messageId}/trace`),
    ]);
  expect((await read('bob')).split(UP)).toHaveLength(3);
  await change('leave', {}, 'bob');
  expect(await read('bob')).toContain('to all');
  expect(await read('bob')).not.toContain(UP);
  const url = `/api/conversations/crew/messages/${message.messageId}/reactions`;
  expect((await api.call('GET', url, { as: 'bob' })).json().error).toMatchObject({ code: 'not_a_member' });
});
