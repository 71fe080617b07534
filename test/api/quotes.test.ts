import { describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from './fixture.ts';

interface Shown {
  messageId: string;
  replyTo?: object;
  quoted?: object;
}

async function historyOf(api: TestApi, as: string, conversationId = 'ana~bob'): Promise<Shown[]> {
  const url = `/api/conversations/${conversationId}/messages`;
  return (await api.call('GET', url, { as })).json().messages;
}

const recallOf = (by: string, at: number) => ({ action: 'recall', revision: 1, by, at }) as const;

describe('a message that answers another one', () => {
  test('is shown with the beginning of that one as it is now, in the history and alone', async () => {
    await using api = await createTestApi();
    const { messageId, conversationId } = await api.store('ana', 'bob', 'long '.repeat(40));
    const answer = await api.store('bob', 'ana', 'yes', { replyTo: { messageId } });
    const quoted = { messageId, from: 'ana', kind: 'text', text: 'long '.repeat(20) };
    for (const as of ['ana', 'bob']) {
      const [shown] = await historyOf(api, as);
      expect(shown).toMatchObject({ messageId: answer.messageId, replyTo: { messageId }, quoted });
      const one = await api.call('GET', `/api/conversations/${conversationId}/messages/${answer.messageId}`, { as });
      expect(one.json()).toEqual(shown);
    }
    const edit = { action: 'edit', revision: 1, by: 'ana', at: 6, content: { text: 'other' }, actionId: 'e' } as const;
    await api.deps.messages.apply([{ conversationId, messageId, action: edit, node: 'n' }]);
    expect((await historyOf(api, 'bob'))[0]?.quoted).toEqual({ ...quoted, text: 'other', editedAt: 6 });
    await api.deps.messages.apply([
      { conversationId, messageId, action: { ...recallOf('ana', 7), revision: 2 }, node: 'n' },
    ]);
    const [shown] = await historyOf(api, 'bob');
    expect(shown?.quoted).toEqual({ messageId, from: 'ana', kind: 'empty', recalledAt: 7 });
  });

  test('has no quote of what does not exist, is in another conversation, or was cleared by the reader', async () => {
    await using api = await createTestApi();
    const elsewhere = await api.store('ana', 'cat', 'a secret');
    const { messageId } = await api.store('ana', 'bob', 'first');
    for (const id of ['0'.repeat(24), elsewhere.messageId, messageId]) {
      await api.store('bob', 'ana', 'what?', { replyTo: { messageId: id } });
    }
    const seen = async (as: string) => (await historyOf(api, as)).map(({ quoted }) => quoted !== undefined);
    expect(await seen('ana')).toEqual([true, false, false, false]);
    const payload = { clearedUpTo: messageId };
    await api.call('PATCH', '/api/conversations/ana~bob/state', { as: 'ana', payload });
    expect([await seen('ana'), await seen('bob')]).toEqual([
      [false, false, false],
      [true, false, false, false],
    ]);
    expect((await api.call('GET', `/api/conversations/ana~bob/messages/${messageId}`, { as: 'ana' })).statusCode).toBe(
      404,
    );
  });

  test('has no quote of its own once it was recalled', async () => {
    await using api = await createTestApi();
    const { messageId } = await api.store('ana', 'bob', 'first');
    const answer = await api.store('bob', 'ana', 'yes', { replyTo: { messageId } });
    await api.deps.messages.apply([{ ...answer, action: recallOf('bob', 7), node: 'n' }]);
    const [shown] = await historyOf(api, 'ana');
    expect(shown).toMatchObject({ recalledAt: 7 });
    expect(shown?.quoted).toBeUndefined();
  });
});

describe.each(['since_join', 'all'] as const)('C20: with history for newcomers: %s', (history) => {
  test('a quote shows nothing from before, between or after the reader’s stays', async () => {
    await using api = await createTestApi();
    const change = (method: 'POST' | 'DELETE', url: string, payload?: object) =>
      api.call(method, url, { as: 'ana', ...(payload && { payload }) });
    const post = async (text: string, answered?: string) => {
      await api.clock.advance(1_000);
      const replyTo = answered === undefined ? {} : { replyTo: { messageId: answered } };
      return (await api.post('team', 'ana', text, undefined, replyTo)).messageId;
    };
    const settings = { history };
    await change('POST', '/api/groups', { conversationId: 'team', name: 'Team', members: ['bob'], settings });
    const before = await post('secret before');
    await change('POST', '/api/groups/team/members', { users: ['cat'] });
    const answer = await post('an answer', before);
    const own = await post('another', answer);
    const seen = async (as: string) =>
      (await historyOf(api, as, 'team')).slice(0, 2).map(({ messageId, quoted }) => [messageId, quoted !== undefined]);
    expect(await seen('cat')).toEqual([
      [own, true],
      [answer, history === 'all'],
    ]);
    expect(await seen('bob')).toEqual([
      [own, true],
      [answer, true],
    ]);
    const one = await api.call('GET', `/api/conversations/team/messages/${before}`, { as: 'cat' });
    expect(one.statusCode).toBe(history === 'all' ? 200 : 404);
  });
});
