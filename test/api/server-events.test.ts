import { setTimeout as pause } from 'node:timers/promises';
import type { ServerEvent } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { makeKey, withKey } from './access/api-keys.ts';
import { createTestApi } from './fixture.ts';

const DAY_MS = 24 * 3600 * 1000;
const KEY_ID = '5f0c7a1e9b3d2468';

function read(n: number): ServerEvent<'receipt.read'> {
  const data = { conversationId: 'ann~bob', by: 'bob', upTo: n.toString(16).padStart(24, '0'), at: n };
  return { id: `read-${n}`, type: 'receipt.read', key: 'ann~bob', at: n, data };
}

const online = (n: number): ServerEvent<'user.online'> => ({
  ...{ id: `online-${n}`, type: 'user.online', key: 'ann', at: n, data: { userId: 'ann', deviceId: 'phone', at: n } },
});

async function reader(settings: Parameters<typeof createTestApi>[1] = {}) {
  const api = await createTestApi({}, settings);
  const key = await makeKey(api, { keyId: KEY_ID });
  const pull = async (query: string) => {
    const answer = await api.call('GET', `/api/server/events${query}`, withKey(key));
    const { events = [], cursor = '', error } = answer.json();
    return { status: answer.statusCode, ids: events.map(({ id }: { id: string }) => id), events, cursor, error };
  };
  /** Lets a waiting call begin to wait, and look again later. */
  const waiting = async (query: string, ms: number) => {
    const answer = pull(query);
    await pause(50);
    await api.clock.advance(ms);
    return answer;
  };
  return { api, pull, waiting, log: api.deps.serverEvents };
}

test('who reads server events begins at the head, goes on from a cursor page by page, and chooses types', async () => {
  const { api, pull, log } = await reader();
  await using _ = api;
  await log.append([read(1)], api.clock.now());
  const first = await pull('');
  expect(first).toMatchObject({ status: 200, ids: [] });
  await log.append([read(2), online(3), read(4)], api.clock.now());
  const second = await pull(`?after=${first.cursor}&limit=2`);
  expect(second.ids).toEqual(['read-2', 'online-3']);
  const { data } = read(2);
  expect(second.events[0]).toEqual({
    ...{ id: 'read-2', type: 'receipt.read', timestamp: '1970-01-01T00:00:00.002Z', key: 'ann~bob', data },
  });
  expect((await pull(`?after=${second.cursor}`)).ids).toEqual(['read-4']);
  expect((await pull(`?after=${first.cursor}&types=user.online`)).ids).toEqual(['online-3']);
  // The same cursor again, as after a crash of the reader.
  expect((await pull(`?after=${first.cursor}`)).ids).toEqual(['read-2', 'online-3', 'read-4']);
});

test('C10: a cursor whose events are gone is refused, never answered with a gap', async () => {
  const { api, pull, log } = await reader();
  await using _ = api;
  const { cursor } = await pull('');
  await log.append([read(1), read(2), read(3)], api.clock.now());
  const { cursor: middle } = await pull(`?after=${cursor}&limit=2`);
  await log.trim({ olderThan: 0, maxEvents: 1, limit: 99 });
  const gone = { status: 410, error: { code: 'cursor_expired', field: 'after' } };
  expect(await pull(`?after=${cursor}`)).toMatchObject(gone);
  expect((await pull(`?after=${middle}`)).ids).toEqual(['read-3']);
  expect(await pull(`?after=another~3`)).toMatchObject(gone);
  // Behind the end of the log: no call gave that, and what comes until there would be passed over.
  expect(await pull(`?after=${middle.replace(/\d+$/, '4')}`)).toMatchObject(gone);
  for (const wrong of ['3', '~', 'x~', 'x~-1']) {
    expect(await pull(`?after=${wrong}`), wrong).toMatchObject({ status: 400, error: { code: 'invalid_request' } });
  }
  expect(await pull('?types=message.sung')).toMatchObject({ status: 400, error: { field: 'types' } });
});

test('C10: after a week without a call not every event was kept, so cursors of before are refused', async () => {
  const { api, pull, log } = await reader();
  await using _ = api;
  const { cursor } = await pull('');
  await api.clock.advance(5 * DAY_MS);
  expect((await pull(`?after=${cursor}`)).status).toBe(200);
  await log.append([read(1)], api.clock.now());
  await api.clock.advance(8 * DAY_MS);
  expect(await pull(`?after=${cursor}`)).toMatchObject({ status: 410 });
  expect(await pull('')).toMatchObject({ status: 200, ids: [] });
});

test('a call waits for an event for longer than other calls may take, and nobody hinders the process from ending', async () => {
  const { api, pull, waiting, log } = await reader({ handlerTimeoutMs: 100 });
  const { cursor } = await pull('');
  const answer = pull(`?after=${cursor}&wait=30`);
  await pause(300);
  await log.append([read(1)], api.clock.now());
  await api.clock.advance(500);
  expect(await answer).toMatchObject({ status: 200, ids: ['read-1'] });
  expect(await waiting(`?after=${(await answer).cursor}&wait=30`, 30_500)).toMatchObject({ status: 200, ids: [] });
  const last = pull(`?after=${(await answer).cursor}&wait=30`);
  await pause(50);
  await api[Symbol.asyncDispose]();
  expect(await last).toMatchObject({ status: 200, ids: [] });
});

test('a key that is revoked while a call waits gets nothing more', async () => {
  const { api, pull, log } = await reader();
  await using _ = api;
  const { cursor } = await pull('');
  const answer = pull(`?after=${cursor}&wait=30`);
  await pause(50);
  await api.deps.apiKeys.revoke(KEY_ID, api.clock.now());
  await log.append([read(1)], api.clock.now());
  await api.clock.advance(500);
  expect(await answer).toMatchObject({ status: 401, error: { code: 'api_key_invalid' } });
});

test('C16: a rare type is found in several calls behind any number of others, and the rest of a page is not passed over', async () => {
  const { api, pull, log } = await reader();
  await using _ = api;
  const { cursor } = await pull('');
  const others = Array.from({ length: 25_000 }, (_, n) => read(n));
  await log.append([...others, online(1), online(2), read(30_000)], api.clock.now());
  let page = await pull(`?after=${cursor}&types=user.online&limit=1`);
  expect(page).toMatchObject({ status: 200, ids: [] });
  expect(page.cursor).not.toBe(cursor);
  page = await pull(`?after=${page.cursor}&types=user.online&limit=1`);
  expect(page.ids).toEqual(['online-1']);
  page = await pull(`?after=${page.cursor}&types=user.online&limit=1`);
  expect(page.ids).toEqual(['online-2']);
  expect((await pull(`?after=${page.cursor}`)).ids).toEqual(['read-30000']);
});

test('C16: calls that wait are bounded, and one that ends makes room', async () => {
  const { api, pull } = await reader();
  await using _ = api;
  const { cursor } = await pull('');
  const waiting = Array.from({ length: 100 }, () => pull(`?after=${cursor}&wait=1`));
  await pause(200);
  expect(await pull(`?after=${cursor}&wait=1`)).toMatchObject({ status: 503, error: { code: 'overloaded' } });
  expect(await pull(`?after=${cursor}`)).toMatchObject({ status: 200 });
  await api.clock.advance(1_500);
  for (const { status } of await Promise.all(waiting)) expect(status).toBe(200);
  const next = pull(`?after=${cursor}&wait=1`);
  await pause(50);
  await api.clock.advance(1_500);
  expect(await next).toMatchObject({ status: 200 });
});
