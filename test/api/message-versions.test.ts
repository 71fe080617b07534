import { expect, test } from 'vitest';
import { makeKey, withKey } from './access/api-keys.ts';
import { createTestApi } from './fixture.ts';

const URL = '/api/server/conversations/ana~bob/message-versions';

test('a key with its scope alone reads what messages said before, each call is audited, and users see nothing of it', async () => {
  await using api = await createTestApi();
  const { messageId, conversationId, sentAt } = await api.store('ana', 'bob', 'first words');
  await api.store('bob', 'ana', 'never edited');
  for (const [index, text] of ['second words', 'third words'].entries()) {
    const edit = { action: 'edit', revision: index + 1, by: 'ana', at: index + 7, content: { text } } as const;
    const action = { ...edit, actionId: text.slice(0, 3), keptVersions: 9 };
    await api.deps.messages.apply([{ conversationId, messageId, action, node: 'n' }]);
  }
  const answer = await api.call('GET', URL, withKey(await makeKey(api, { scopes: ['versions:read'] })));
  const versions = [
    { content: { text: 'first words' }, at: sentAt },
    { content: { text: 'second words' }, at: 7 },
  ];
  const edited = { messageId, from: 'ana', sentAt, editedAt: 8, content: { text: 'third words' }, versions };
  expect(answer.json()).toEqual({ messages: [edited] });
  const others = await makeKey(api, { scopes: ['messages:read', 'exports:read', 'holds:read'] });
  expect((await api.call('GET', URL, withKey(others))).statusCode).toBe(403);
  const exported = await api.call('GET', `/api/server/conversations/${conversationId}/export`, withKey(others));
  const history = await api.call('GET', `/api/conversations/${conversationId}/messages`, { as: 'ana' });
  for (const { payload } of [exported, history]) expect(payload).not.toMatch(/first words|second words/);
  const acts = await api.deps.auditLog.page({ limit: 9 });
  expect(JSON.stringify(acts)).toContain('read_versions');
});

test('a long conversation is read page by page, also over pages without an edited message', async () => {
  await using api = await createTestApi();
  const { messageId, conversationId } = await api.store('ana', 'bob', 'edited');
  const edit = { action: 'edit', revision: 1, by: 'ana', at: 7, content: { text: 'x' }, actionId: 'e' } as const;
  await api.deps.messages.apply([{ conversationId, messageId, action: { ...edit, keptVersions: 1 }, node: 'n' }]);
  for (let n = 0; n < 4_100; n++) await api.store('bob', 'ana', 'plain');
  const key = withKey(await makeKey(api, { scopes: ['versions:read'] }));
  const first = (await api.call('GET', URL, key)).json();
  expect(first).toEqual({ messages: [], nextBefore: expect.any(String) });
  const second = (await api.call('GET', `${URL}?before=${first.nextBefore}`, key)).json();
  expect(second).toMatchObject({ messages: [{ messageId }] });
  expect(second).not.toHaveProperty('nextBefore');
});
