import type { ServerEvent } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { makeKey, withKey } from './access/api-keys.ts';
import { createTestApi } from './fixture.ts';

const DAY_MS = 24 * 3600 * 1000;

function read(n: number): ServerEvent<'receipt.read'> {
  const data = { conversationId: 'ann~bob', by: 'bob', upTo: n.toString(16).padStart(24, '0'), at: n };
  return { id: `read-${n}`, type: 'receipt.read', key: 'ann~bob', at: n, data };
}

const online = (n: number): ServerEvent<'user.online'> => ({
  ...{ id: `online-${n}`, type: 'user.online', key: 'ann', at: n, data: { userId: 'ann', deviceId: 'phone', at: n } },
});

async function reader() {
  const api = await createTestApi();
  const key = await makeKey(api);
  const pull = async (query: string) => {
    const answer = await api.call('GET', `/api/server/events${query}`, withKey(key));
    const { events = [], cursor = '', error } = answer.json();
    return { status: answer.statusCode, ids: events.map(({ id }: { id: string }) => id), events, cursor, error };
  };
  return { api, pull, log: api.deps.serverEvents };
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
