import type { ConnectNode } from '@chasqui/app-connect/core';
import { CLOSE_CODES, type CloseReason } from '@chasqui/protocol';
import { describe, expect, test } from 'vitest';
import { type ApiAndNodes, apiAndNodes } from './api-and-nodes.ts';
import { MemoryConnection } from './memory-node.ts';

const ana = { userId: 'ana', password: 'correct horse' };

/** A cause that ends the session `ana, phone`; `node`: the node where the cause occurs, if any. */
interface Way {
  reason: CloseReason;
  /** The frame that the session receives before the close; absent: none. */
  told?: 'kicked' | 'error';
  cause(world: ApiAndNodes, node: ConnectNode, phone: MemoryConnection): Promise<unknown> | unknown;
}

const logOut = async ({ api }: ApiAndNodes, method: 'DELETE' | 'PUT', url: string, as: string) =>
  expect((await api.call(method, url, { as })).statusCode).toBe(204);
const logIn = async ({ api }: ApiAndNodes, node: ConnectNode, deviceId: string) =>
  MemoryConnection.loggedIn(node, 'ana', deviceId, await api.tokenOf('ana'));
/** Time passes, with a ping every ten seconds. */
const pass = async ({ api }: ApiAndNodes, ms: number, phone?: MemoryConnection) => {
  for (let passed = 0; passed < ms; passed += 10_000) {
    phone?.write({ type: 'ping' });
    await api.clock.advance(10_000);
  }
};

/** Causes on a node or in the API: the session must see the same whether the cause is on its own node or another. */
const FROM_ANYWHERE: { [way: string]: Way } = {
  'the same device logs in': {
    reason: 'session_replaced',
    told: 'kicked',
    cause: (world, node) => logIn(world, node, 'phone'),
  },
  'the kick policy': {
    reason: 'session_replaced',
    told: 'kicked',
    cause: (world, node) => logIn(world, node, 'tablet'),
  },
  'a device log-out': {
    reason: 'logged_out',
    told: 'kicked',
    cause: (world) => logOut(world, 'DELETE', '/api/devices/phone', 'ana'),
  },
  'a log-out everywhere': {
    reason: 'logged_out',
    told: 'kicked',
    cause: (world) => logOut(world, 'DELETE', '/api/devices', 'ana'),
  },
  'an administrator who ends the sessions': {
    reason: 'logged_out',
    told: 'kicked',
    cause: (world) => logOut(world, 'DELETE', '/api/admin/users/ana/sessions', 'root'),
  },
  'an administrator who disables the user': {
    reason: 'user_disabled',
    told: 'error',
    cause: (world) => logOut(world, 'PUT', '/api/admin/users/ana/disabled', 'root'),
  },
  'a disabling that no node was told': {
    reason: 'user_disabled',
    told: 'error',
    async cause(world, _, phone) {
      await world.api.deps.revocations.disable('ana', world.api.clock.now());
      await pass(world, 80_000, phone);
    },
  },
  'a log-out that no node was told': {
    reason: 'token_expired',
    told: 'kicked',
    async cause(world, _, phone) {
      await world.api.clock.advance(1);
      await world.api.deps.revocations.revoke({ userId: 'ana', issuedBefore: world.api.clock.now() });
      await pass(world, 80_000, phone);
    },
  },
};

/** Causes that only the session’s own node or client has. */
const AT_HOME: { [way: string]: Way } = {
  'a logout frame': {
    reason: 'logged_out',
    told: 'kicked',
    cause: (_, __, phone) => phone.write({ type: 'logout' }),
  },
  'a token that runs out': {
    reason: 'token_expired',
    told: 'kicked',
    cause: (world, _, phone) => pass(world, 3_610_000, phone),
  },
  'a client that falls silent': { reason: 'heartbeat_missed', cause: (world) => pass(world, 100_000) },
  'a node that drains': { reason: 'node_draining', cause: (_, node) => node[Symbol.asyncDispose]() },
};

async function ended({ cause, told, reason }: Way, isElsewhere: boolean, isKicking: boolean) {
  await using world = await apiAndNodes({ admins: ['root'] }, () => (isKicking ? { kickPolicy: 'all' } : {}));
  const [home, other] = world.nodes as [ConnectNode, ConnectNode];
  await world.api.call('POST', '/api/auth/register', { payload: ana });
  const phone = await logIn(world, home, 'phone');
  const before = phone.frames.length;
  await world.api.clock.advance(1);
  await cause(world, isElsewhere ? other : home, phone);
  for (let turn = 0; turn < 10; turn++) await world.api.clock.advance(0);
  expect([phone.closeCode, phone.closeReason]).toEqual([CLOSE_CODES[reason], reason]);
  const last = phone.frames.slice(before).findLast(({ type }) => type === 'kicked' || type === 'error');
  expect(last?.type).toBe(told);
  if (last?.type === 'kicked') expect(last.reason).toBe(reason);
  if (last?.type === 'error') expect(last).toMatchObject({ code: reason, retry: 'never' });
  // A device whose session was ended is not listed again.
  const [known = []] = await world.api.deps.devices.list(['ana']);
  return known.map(({ deviceId }) => deviceId);
}

describe('C15: a session ends with the code and the reason of docs/errors.md, wherever the cause is', () => {
  const table = Object.keys(FROM_ANYWHERE).flatMap((way) => [
    [way, 'the same node', false] as const,
    [way, 'the other node', true] as const,
  ]);
  test.each(table)('%s, on %s', async (way, _, isElsewhere) => {
    await ended(FROM_ANYWHERE[way] as Way, isElsewhere, way === 'the kick policy');
  });

  test.each(Object.keys(AT_HOME))('%s', async (way) => {
    await ended(AT_HOME[way] as Way, false, false);
  });

  test('a device that an administrator disabled stays forgotten', async () => {
    const way = FROM_ANYWHERE['an administrator who disables the user'] as Way;
    expect(await ended(way, false, false)).toEqual([]);
  });

  test.each<[string, CloseReason, string | Uint8Array | undefined]>([
    ['no login in time', 'login_timeout', undefined],
    ['another frame first', 'not_logged_in', '{"type":"ping"}'],
    ['no JSON first', 'invalid_json', '{'],
    ['no sound login', 'invalid_frame', '{"type":"login"}'],
    ['a binary frame where JSON was agreed', 'invalid_frame', new TextEncoder().encode('{"type":"ping"}')],
    ['a token of nobody', 'token_invalid', '{"type":"login","token":"x","deviceId":"d"}'],
  ])('before login: %s', async (_, reason, data) => {
    await using world = await apiAndNodes();
    const stranger = new MemoryConnection(world.nodes[0] as ConnectNode, 'stranger');
    if (data === undefined) await pass(world, 20_000);
    else stranger.write(data);
    for (let turn = 0; turn < 10; turn++) await world.api.clock.advance(0);
    expect([stranger.closeCode, stranger.closeReason]).toEqual([CLOSE_CODES[reason], reason]);
  });
});
