import { ImError } from '@chasqui/domain';
import { describe, expect, test } from 'vitest';
import { anaReads } from './ana-reads.ts';
import { createTestApi } from './fixture.ts';

describe('traces', () => {
  test('show each step with its time and node, to the two users', async () => {
    await using api = await createTestApi();
    const { messageId, sentAt } = await api.store('bob', 'ana', 'follow me');
    const change = { conversationId: 'ana~bob', messageId, member: 'ana', node: 'connect-2' };
    await api.deps.messages.raise([{ ...change, status: 'delivered', at: sentAt + 40 }]);
    for (const as of ['ana', 'bob']) {
      const trace = await api.call('GET', `/api/messages/${messageId}/trace`, { as });
      expect(trace.json()).toEqual({
        messageId,
        conversationId: 'ana~bob',
        from: 'bob',
        to: 'ana',
        sentAt,
        status: 'delivered',
        push: [],
        steps: [
          { state: 'sending', at: sentAt, node: '' },
          { state: 'dispatching', at: sentAt, node: '' },
          { state: 'stored', at: sentAt, node: 'business-1' },
          { state: 'delivered', at: sentAt + 40, node: 'connect-2' },
        ],
      });
    }
  });

  test('C7: what its receiver has read is read in history, in search and in its trace, with the time and node of the mark', async () => {
    await using api = await createTestApi();
    const { messageId } = await api.store('bob', 'ana', 'one');
    await api.store('bob', 'ana', 'two');
    await api.clock.advance(1_000);
    await anaReads(api, 'ana~bob', messageId);
    for (const as of ['ana', 'bob']) {
      const history = (await api.call('GET', '/api/conversations/ana~bob/messages', { as })).json().messages;
      expect(history.map(({ status }: { status: string }) => status)).toEqual(['stored', 'read']);
      const { hits } = (await api.call('GET', '/api/messages/search?q=one', { as })).json();
      expect(hits).toMatchObject([{ status: 'read', from: 'bob', to: 'ana' }]);
      const trace = (await api.call('GET', `/api/messages/${messageId}/trace`, { as })).json();
      expect(trace.status).toBe('read');
      expect(trace.steps.at(-1)).toEqual({ state: 'read', at: api.clock.now(), node: 'connect-3' });
    }
  });

  test('C7: while marks cannot be read, what is stored of a message shows', async () => {
    await using api = await createTestApi(({ conversations }) => ({
      conversations: {
        ...conversations,
        markRead: (mark) => conversations.markRead(mark),
        record: (messages) => conversations.record(messages),
        entries: () => Promise.reject(new ImError('store_unavailable', 'away')),
      },
    }));
    const { messageId } = await api.store('bob', 'ana', 'one');
    await anaReads(api, 'ana~bob', messageId);
    const history = (await api.call('GET', '/api/conversations/ana~bob/messages', { as: 'bob' })).json().messages;
    expect(history).toMatchObject([{ messageId, status: 'stored' }]);
    const trace = (await api.call('GET', `/api/messages/${messageId}/trace`, { as: 'bob' })).json();
    expect([trace.status, trace.steps.at(-1).state]).toEqual(['stored', 'stored']);
  });

  test("C15: somebody else's message is as absent as one that is not there", async () => {
    await using api = await createTestApi();
    const { messageId } = await api.store('bob', 'cat', 'private');
    const foreign = await api.call('GET', `/api/messages/${messageId}/trace`, { as: 'ana' });
    const absent = await api.call('GET', `/api/messages/${'0'.repeat(24)}/trace`, { as: 'ana' });
    expect([foreign.statusCode, foreign.json().error.code]).toEqual([404, 'message_not_found']);
    expect(foreign.payload).toBe(absent.payload);
  });
});
