import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { STATE_LIMITS } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { createClient } from '../index.ts';
import { id, ScriptedServer } from '../testing/scripted-server.ts';

const REFUSED = { code: 'message_not_found', message: 'no', field: 'messageIds.1' };

/** An API that refuses what names the conversation `crew`, and what it was asked. */
async function openApi() {
  const asked: { call: string; body: string; authorization: string | undefined }[] = [];
  const api = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += piece;
    asked.push({ call: `${request.method} ${request.url}`, body, authorization: request.headers.authorization });
    const isKnown = !request.url?.includes('/crew/');
    response.statusCode = isKnown ? 200 : 404;
    const page = { reactions: [{ userId: 'bob', emojis: ['👍'], at: 5 }], nextCursor: 'bob' };
    response.end(JSON.stringify(isKnown ? page : { error: REFUSED }));
  }).listen(0, '127.0.0.1');
  await once(api, 'listening');
  const nodesUrl = `http://127.0.0.1:${(api.address() as AddressInfo).port}/api/nodes`;
  return { asked, nodesUrl, [Symbol.dispose]: () => void api.close() };
}

function idle(nodesUrl: string) {
  const server = new ScriptedServer();
  const client = createClient(server.options({ nodesUrl, fetchNodes: async () => ['ws://one'] }));
  return { server, client };
}

test('messages are deleted for the user alone over HTTP, as many in a call as the API takes', async () => {
  using api = await openApi();
  const ids = Array.from({ length: STATE_LIMITS.maxHiddenAtOnce + 1 }, (_, n) => id(n));
  const { client, server } = idle(api.nodesUrl);
  client.connect().catch(() => undefined);
  await new Promise<void>((resolve) => setImmediate(resolve));
  server.login();
  await client.hide('bob', ids);
  expect(api.asked.map(({ call }) => call)).toEqual(Array(2).fill('POST /api/conversations/amy~bob/hidden-messages'));
  expect(api.asked.map(({ body }) => JSON.parse(body))).toEqual([
    { messageIds: ids.slice(0, -1) },
    { messageIds: ids.slice(-1) },
  ]);
  expect(api.asked[0]?.authorization).toBe('Bearer jwt');
});

test('who has reacted to a message is paged over HTTP', async () => {
  using api = await openApi();
  const { client } = idle(api.nodesUrl);
  const page = await client.reactors({ conversationId: 'team' }, id(1), { emoji: '👍', cursor: 'amy', limit: 5 });
  expect(page).toEqual({ reactions: [{ userId: 'bob', emojis: ['👍'], at: 5 }], nextCursor: 'bob' });
  await client.reactors({ conversationId: 'team' }, id(1));
  const path = `/api/conversations/team/messages/${id(1)}/reactions?`;
  expect(api.asked.map(({ call }) => call)).toEqual([
    `GET ${path}emoji=%F0%9F%91%8D&cursor=amy&limit=5`,
    `GET ${path}`,
  ]);
});

test('C15: both reject with the error of the API and its field, and say what is missing', async () => {
  using api = await openApi();
  const { client } = idle(api.nodesUrl);
  const refusal = { code: 'message_not_found', details: { field: 'messageIds.1' } };
  await expect(client.hide({ conversationId: 'crew' }, [id(1), id(2)])).rejects.toMatchObject(refusal);
  await expect(client.reactors({ conversationId: 'crew' }, id(1))).rejects.toMatchObject(refusal);
  const noId = { code: 'not_logged_in', details: { field: 'conversationId' } };
  await expect(client.hide('bob', [id(1)])).rejects.toMatchObject(noId);
  await expect(client.reactors('bob', id(1))).rejects.toMatchObject(noId);
  const { client: away } = idle('http://127.0.0.1:1/api/nodes');
  await expect(away.hide({ conversationId: 'team' }, [id(1)])).rejects.toMatchObject({
    ...{ code: 'connection_closed', retry: 'reconnect' },
  });
  expect(api.asked).toHaveLength(2);
});
