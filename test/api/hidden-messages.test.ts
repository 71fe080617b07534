import { STATE_LIMITS } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { createTestApi, type TestApi } from './fixture.ts';

const hide = (api: TestApi, as: string, messageIds: string[], conversationId = 'ana~bob') =>
  api.call('POST', `/api/conversations/${conversationId}/hidden-messages`, { as, payload: { messageIds } });

const get = async (api: TestApi, as: string, url: string) => (await api.call('GET', url, { as })).json();
const HISTORY = '/api/conversations/ana~bob/messages';

test('a message that a user deletes for themselves is gone from all that this user reads, and from nobody else’s', async () => {
  await using api = await createTestApi();
  const first = await api.store('bob', 'ana', 'the first secret');
  const answer = await api.store('ana', 'bob', 'an answer', { replyTo: { messageId: first.messageId } });
  const last = await api.store('bob', 'ana', 'the last secret', { replyTo: { messageId: first.messageId } });
  const before = await get(api, 'ana', '/api/messages/unread-count');
  const done = await hide(api, 'ana', [first.messageId, last.messageId]);
  expect([done.statusCode, done.json()]).toEqual([200, { position: expect.any(Number) }]);
  const texts = async (as: string) => {
    const { messages } = await get(api, as, HISTORY);
    return messages.map(({ content, quoted }: { content: { text: string }; quoted?: object }) => [
      content.text,
      quoted !== undefined,
    ]);
  };
  expect(await texts('ana')).toEqual([['an answer', false]]);
  expect(await texts('bob')).toEqual([
    ['the last secret', true],
    ['an answer', true],
    ['the first secret', false],
  ]);
  const found = async (as: string) => (await get(api, as, '/api/messages/search?q=secret')).hits.length;
  expect([await found('ana'), await found('bob')]).toEqual([0, 2]);
  const preview = async (as: string) => (await get(api, as, '/api/conversations')).conversations[0].lastMessage.preview;
  expect([await preview('ana'), await preview('bob')]).toEqual(['', 'the last secret']);
  const one = async (as: string) => (await api.call('GET', `${HISTORY}/${last.messageId}`, { as })).statusCode;
  expect([await one('ana'), await one('bob')]).toEqual([404, 200]);
  expect(await get(api, 'ana', '/api/messages/unread-count')).toEqual(before);
  const { updates } = await get(api, 'ana', '/api/messages/offline?position=0');
  expect(JSON.stringify(updates)).not.toContain('secret');
  expect(updates.at(-1)).toMatchObject({ type: 'hidden', messageIds: [first.messageId, last.messageId] });
  expect(updates[1]).toMatchObject({ messageId: answer.messageId, content: { text: 'an answer' } });
  expect(JSON.stringify(await get(api, 'bob', '/api/messages/offline?position=0'))).not.toContain('hidden');
});

test('C4: a repeat changes nothing; C15: what the user cannot see is refused by its place, and nothing is hidden', async () => {
  await using api = await createTestApi();
  const { messageId } = await api.store('bob', 'ana', 'one');
  const elsewhere = await api.store('bob', 'cat', 'two');
  const refused = await hide(api, 'ana', [messageId, elsewhere.messageId]);
  expect([refused.statusCode, refused.json().error]).toMatchObject([
    404,
    { code: 'message_not_found', field: 'messageIds.1' },
  ]);
  expect((await get(api, 'ana', HISTORY)).messages).toHaveLength(1);
  expect((await hide(api, 'ana', [messageId])).json()).toEqual({ position: 2 });
  expect((await hide(api, 'ana', [messageId])).json()).toEqual({});
  const many = Array.from({ length: STATE_LIMITS.maxHiddenAtOnce + 1 }, (_, n) => n.toString(16).padStart(24, '0'));
  expect((await hide(api, 'ana', many)).statusCode).toBe(400);
});
