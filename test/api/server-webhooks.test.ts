import { MAX_WEBHOOK_ENDPOINTS, type ServerEvent } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { makeKey, withKey } from './access/api-keys.ts';
import { createTestApi } from './fixture.ts';

const HOUR_MS = 3600 * 1000;
const URL = 'https://shop.example/hook';

async function host() {
  const api = await createTestApi();
  const key = await makeKey(api);
  const call = async (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path = '', payload?: object) => {
    const answer = await api.call(method, `/api/server/webhooks${path}`, {
      ...withKey(key),
      ...(payload && { payload }),
    });
    return { status: answer.statusCode, body: answer.payload === '' ? null : answer.json() };
  };
  const create = async (fields: object = {}) => (await call('POST', '', { url: URL, ...fields })).body;
  return { api, call, create, store: api.deps.webhooks };
}

function read(n: number): ServerEvent<'receipt.read'> {
  const data = { conversationId: 'ann~bob', by: 'bob', upTo: n.toString(16).padStart(24, '0'), at: n };
  return { id: `read-${n}`, type: 'receipt.read', key: 'ann~bob', at: n, data };
}

test('an endpoint is made, listed, changed and removed; its secret is shown once', async () => {
  const { api, call, create, store } = await host();
  await using _ = api;
  const { secret, ...endpoint } = await create({ types: ['message.stored'], description: 'billing' });
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(endpoint).toMatchObject({ url: URL, types: ['message.stored'], description: 'billing' });
  expect((await store.list())[0]?.endpoint.secrets).toMatchObject([{ secret }]);
  const listed = await call('GET');
  expect(listed.body.webhooks).toEqual([{ ...endpoint, waiting: 0, blockedKeys: 0, lost: 0, hasDeadLetters: false }]);
  expect(JSON.stringify(listed.body)).not.toContain('whsec_');
  const path = `/${endpoint.endpointId}`;
  const changed = await call('PATCH', path, { url: 'https://shop.example/other', disabled: true });
  expect(changed.body).toEqual({
    ...endpoint,
    url: 'https://shop.example/other',
    disabled: { at: api.clock.now(), why: 'operator' },
  });
  await api.clock.advance(5);
  // Once more, and what is absent stays as it is.
  expect((await call('PATCH', path, { disabled: true })).body).toEqual(changed.body);
  expect((await call('PATCH', path, { disabled: false, types: [] })).body).toMatchObject({ types: [] });
  expect((await call('DELETE', path)).status).toBe(204);
  expect((await call('GET')).body).toEqual({ webhooks: [] });
});

test("C15: how long events are tried is the endpoint's own, and is checked", async () => {
  const { api, call, create, store } = await host();
  await using _ = api;
  const { endpointId, retryMinutes } = await create({ retryMinutes: 5 });
  expect(retryMinutes).toBe(5);
  expect((await store.list())[0]?.endpoint.retryForMs).toBe(5 * 60_000);
  expect((await call('PATCH', `/${endpointId}`, { retryMinutes: 90 })).body).toMatchObject({ retryMinutes: 90 });
  expect((await call('PATCH', `/${endpointId}`, { description: 'x' })).body).toMatchObject({ retryMinutes: 90 });
  expect((await call('GET')).body.webhooks).toMatchObject([{ retryMinutes: 90 }]);
  for (const wrong of [0, 43_201, 1.5, '5']) {
    expect(await call('PATCH', `/${endpointId}`, { retryMinutes: wrong })).toMatchObject({
      status: 400,
      body: { error: { field: 'retryMinutes' } },
    });
  }
});

test('the list tells how each endpoint is served', async () => {
  const { api, call, create, store } = await host();
  await using _ = api;
  const { endpointId } = await create();
  await api.deps.serverEvents.append([read(1), read(2), read(3)], api.clock.now());
  const lane = { key: 'ann~bob', after: 0, until: 1, attempts: 1, nextAt: 9, error: 'status 500' };
  await store.save(endpointId, {
    ...{ from: { owner: '', beat: 0 }, owner: 'hooks-1', maxDeadLetters: 9 },
    progress: { cursor: 1, blocked: [lane], servedAt: 5, failingSince: 6, error: 'status 500', lost: 2 },
    deadLetters: [{ position: 1, event: read(1), error: 'status 500', at: 7 }],
  });
  const state = { waiting: 2, blockedKeys: 1, lost: 2, servedAt: 5, failingSince: 6, error: 'status 500' };
  expect((await call('GET')).body.webhooks).toMatchObject([{ endpointId, ...state, hasDeadLetters: true }]);
});

test('after a rotation the former secret signs for the hours that were asked for', async () => {
  const { api, call, create, store } = await host();
  await using _ = api;
  const { endpointId, secret } = await create();
  const { body } = await call('POST', `/${endpointId}/rotate`, { hours: 2 });
  expect((await store.list())[0]?.endpoint.secrets).toMatchObject([
    { secret: body.secret, expiresAt: null },
    { secret, expiresAt: api.clock.now() + 2 * HOUR_MS },
  ]);
});

test('a test event is for its endpoint alone; dead letters are read page by page and sent again once', async () => {
  const { api, call, create, store } = await host();
  await using _ = api;
  const { endpointId } = await create();
  const { body } = await call('POST', `/${endpointId}/test`);
  const { events } = await api.deps.serverEvents.page(0, 9);
  expect(events.map(({ event }) => event)).toMatchObject([{ id: body.eventId, data: { endpointId } }]);
  const letters = [1, 2, 3].map((position) => ({ position, event: read(position), error: 'status 500', at: 7 }));
  const save = { from: { owner: '', beat: 0 }, owner: '', maxDeadLetters: 9, deadLetters: letters };
  await store.save(endpointId, save);
  const first = (await call('GET', `/${endpointId}/dead-letters?limit=2`)).body.deadLetters;
  expect(first.map(({ position }: { position: number }) => position)).toEqual([1, 2]);
  expect(first[0]).toMatchObject({ error: 'status 500', at: 7, event: { id: 'read-1', type: 'receipt.read' } });
  const second = (await call('GET', `/${endpointId}/dead-letters?after=2`)).body.deadLetters;
  expect(second.map(({ position }: { position: number }) => position)).toEqual([3]);
  expect((await call('POST', `/${endpointId}/replay`, { positions: [2, 9] })).body).toEqual({ count: 1 });
  expect((await call('POST', `/${endpointId}/replay`, {})).body).toEqual({ count: 2 });
  expect(await store.deadLetters(endpointId, { after: 0, limit: 9, replayed: true })).toHaveLength(3);
});

test('C15: a URL that may not be called, an unknown endpoint and one too many are refused', async () => {
  const { api, call, create } = await host();
  await using _ = api;
  for (const url of ['ftp://shop.example', 'http://shop.example', 'https://me:you@shop.example', `${URL}#x`, 'no']) {
    const refused = await call('POST', '', { url });
    expect([refused.status, refused.body.error.code, refused.body.error.field], url).toEqual([
      ...[422, 'content_invalid', 'url'],
    ]);
  }
  const unknown = '/we_00000000000000ff';
  for (const [method, path, payload] of [
    ['PATCH', unknown, {}],
    ['DELETE', unknown],
    ['POST', `${unknown}/rotate`, {}],
    ['POST', `${unknown}/test`],
    ['GET', `${unknown}/dead-letters`],
    ['POST', `${unknown}/replay`, {}],
  ] as const) {
    const refused = await call(method, path, payload);
    expect([refused.status, refused.body.error.code, refused.body.error.field], path).toEqual([
      ...[404, 'not_found', 'endpointId'],
    ]);
  }
  for (let n = 0; n < MAX_WEBHOOK_ENDPOINTS; n++) await create();
  const full = await call('POST', '', { url: URL });
  expect([full.status, full.body.error.code]).toEqual([409, 'limit_reached']);
});

test('every change is in the audit log, with the key and the endpoint', async () => {
  const { api, call, create } = await host();
  await using _ = api;
  const { endpointId } = await create();
  await call('PATCH', `/${endpointId}`, { disabled: true });
  await call('POST', `/${endpointId}/rotate`, {});
  await call('DELETE', `/${endpointId}`);
  const entries = await api.deps.auditLog.page({ limit: 20 });
  const begun = entries.filter(({ outcome }) => outcome === 'begun');
  expect(begun.map(({ action, detail }) => [action, detail])).toEqual(
    Array.from({ length: 4 }, () => ['manage_webhooks', endpointId]),
  );
  expect(begun.every(({ actor }) => /^key:[0-9a-f]{16}$/.test(actor))).toBe(true);
});
