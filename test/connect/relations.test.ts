import type { ConnectNode } from '@chasqui/app-connect/core';
import { DEFAULT_LIMITS } from '@chasqui/domain';
import type { ClientFrame } from '@chasqui/protocol';
import { describe, expect, test } from 'vitest';
import type { TestApi } from '../api/fixture.ts';
import { apiAndNodes } from './api-and-nodes.ts';
import { MemoryConnection, type NodeParts } from './memory-node.ts';

const POLL = DEFAULT_LIMITS.presencePollMs;
const presences = ({ frames }: MemoryConnection, of = 'ann') =>
  frames.flatMap((frame) => (frame.type === 'presence' && frame.userId === of ? [frame.online] : []));

/** The API and two nodes; ann is on the first; bob and cid on the second subscribe to her presence. */
async function watchers() {
  const world = await apiAndNodes();
  const { api, nodes } = world;
  const [first, second] = nodes as [ConnectNode, ConnectNode];
  for (const userId of ['ann', 'bob', 'cid']) {
    await api.call('POST', '/api/auth/register', { payload: { userId, password: 'correct horse' } });
  }
  const logIn = async (node: ConnectNode, userId: string) =>
    MemoryConnection.loggedIn(node, userId, 'phone', await api.tokenOf(userId));
  const ann = await logIn(first, 'ann');
  const [bob, cid] = [await logIn(second, 'bob'), await logIn(second, 'cid')];
  const subscribe = async (connection: MemoryConnection) => {
    connection.write({ type: 'presence_subscribe', users: ['ann'] });
    await api.clock.advance(0);
    await api.clock.advance(0);
  };
  return { ...world, ann, bob, cid, logIn, subscribe, [Symbol.asyncDispose]: world[Symbol.asyncDispose] };
}

const befriend = async (api: TestApi) => {
  await api.call('PUT', '/api/contacts/bob', { as: 'ann' });
  await api.call('POST', '/api/contacts/ann/accept', { as: 'bob' });
};
const privacy = (api: TestApi, presence: string) =>
  api.call('PATCH', '/api/users/me', { as: 'ann', payload: { privacy: { presence } } });

/**
 * The setup before bob subscribes, and the change that ends his view of ann's presence; `cid`: whether cid keeps his.
 */
const WAYS: {
  [way: string]: { prepare?: (api: TestApi) => Promise<unknown>; way(api: TestApi): Promise<unknown>; cid: boolean };
} = {
  'a block': { way: (api) => api.call('PUT', '/api/blocks/bob', { as: 'ann' }), cid: true },
  'presence for nobody': { way: (api) => privacy(api, 'nobody'), cid: false },
  'presence for contacts': { way: (api) => privacy(api, 'contacts'), cid: false },
  'the end of being contacts': {
    prepare: async (api) => {
      await befriend(api);
      await privacy(api, 'contacts');
    },
    way: (api) => api.call('DELETE', '/api/contacts/ann', { as: 'bob' }),
    cid: false,
  },
};

describe.each(Object.keys(WAYS))('%s', (name) => {
  const { prepare, way, cid: staysWithCid } = WAYS[name] as (typeof WAYS)[string];

  test('takes presence at once from who watches on another node, and it stays taken', async () => {
    await using world = await watchers();
    const { api, nodes, ann, bob, cid, logIn, subscribe } = world;
    await prepare?.(api);
    await api.clock.advance(50);
    for (const connection of [bob, cid]) await subscribe(connection);
    expect(presences(bob)).toEqual([true]);
    await way(api);
    await api.clock.advance(20);
    expect(presences(bob)).toEqual([true, false]);
    // No presence changes of hers are sent, not even after a new subscription.
    ann.end(1000, '');
    await api.clock.advance(POLL);
    await logIn(nodes[0] as ConnectNode, 'ann');
    await api.clock.advance(POLL);
    await subscribe(bob);
    await api.clock.advance(POLL);
    expect(presences(bob)).toEqual([true, false, false]);
    if (staysWithCid) expect(presences(cid)).toEqual([true, false, true]);
  });

  test('takes it within a round or some where the node cannot be told', async () => {
    await using world = await watchers();
    const { api, bob, subscribe, cut } = world;
    await prepare?.(api);
    await api.clock.advance(50);
    await subscribe(bob);
    cut.peers = true;
    await way(api);
    await api.clock.advance(20);
    expect(presences(bob)).toEqual([true]);
    // The node's cache is at most half a minute old.
    await api.clock.advance(30_000 + POLL);
    expect(presences(bob)).toEqual([true, false]);
  });
});

test('a subscription that is being answered while the block comes does not outlive it', async () => {
  const hold: { release?: () => void } = {};
  await using world = await apiAndNodes({}, ({ profiles }) => ({
    profiles: {
      ...profiles,
      async get(users) {
        if (hold.release === undefined) await new Promise<void>((resolve) => (hold.release = resolve));
        return profiles.get(users);
      },
    },
  }));
  const { api, nodes } = world;
  const [node] = nodes as [ConnectNode];
  await MemoryConnection.loggedIn(node, 'ann', 'phone', await api.tokenOf('ann'));
  const bob = await MemoryConnection.loggedIn(node, 'bob', 'phone', await api.tokenOf('bob'));
  bob.write({ type: 'presence_subscribe', users: ['ann'] });
  await api.clock.advance(1);
  await api.call('PUT', '/api/blocks/bob', { as: 'ann' });
  hold.release?.();
  await api.clock.advance(POLL);
  expect(presences(bob)).toEqual([false]);
});

describe.each(['refuse', 'silence'] as const)('between two of whom one blocks the other (%s)', (blockedSenders) => {
  const chat = (to: string, clientMessageId: string): ClientFrame => ({
    type: 'chat',
    to,
    clientMessageId,
    content: { text: 'hi' },
  });

  async function pair() {
    const options = (): Partial<NodeParts> => ({ blockedSenders });
    const world = await apiAndNodes({ blockedSenders }, options);
    const { api, nodes } = world;
    const [first, second] = nodes as [ConnectNode, ConnectNode];
    const ann = await MemoryConnection.loggedIn(first, 'ann', 'phone', await api.tokenOf('ann'));
    const bob = await MemoryConnection.loggedIn(second, 'bob', 'phone', await api.tokenOf('bob'));
    const settle = async () => {
      for (let turn = 0; turn < 20; turn++) await api.clock.advance(1);
    };
    /** The outcome of a message: queued, or refused with this code. */
    const send = async (from: MemoryConnection, to: string, id: string) => {
      from.write(chat(to, id));
      await settle();
      return from.frames.flatMap((frame) => {
        if (frame.type === 'send_ack' && frame.clientMessageId === id) return ['queued'];
        return frame.type === 'error' && frame.ref === id ? [`${frame.code} ${frame.field}: ${frame.message}`] : [];
      });
    };
    return { ...world, ann, bob, send, settle, [Symbol.asyncDispose]: world[Symbol.asyncDispose] };
  }

  test('messages go neither way from the block on, and who blocks is told so; both ways once it is lifted', async () => {
    await using world = await pair();
    const { api, ann, bob, send } = world;
    expect([await send(ann, 'bob', 'a1'), await send(bob, 'ann', 'b1')]).toEqual([['queued'], ['queued']]);
    await api.call('PUT', '/api/blocks/bob', { as: 'ann' });
    expect(await send(ann, 'bob', 'a2')).toEqual([expect.stringMatching(/^blocked to: you block the receiver/)]);
    const answer = blockedSenders === 'silence' ? 'queued' : expect.stringMatching(/^blocked to: one of you/);
    expect(await send(bob, 'ann', 'b2')).toEqual([answer]);
    const texts = ({ frames }: MemoryConnection) => frames.filter(({ type }) => type === 'chat').length;
    expect([texts(ann), texts(bob)]).toEqual([1, 1]);
    // A resend of a message that was accepted before the block gets the original result (C3, C4).
    expect(await send(ann, 'bob', 'a1')).toEqual(['queued', 'queued']);
    await api.call('DELETE', '/api/blocks/bob', { as: 'ann' });
    expect([await send(ann, 'bob', 'a3'), await send(bob, 'ann', 'b3')]).toEqual([['queued'], ['queued']]);
    expect(await send(ann, 'bob', 'a2')).toEqual([
      expect.stringMatching(/^blocked to: you block/),
      expect.stringMatching(/^blocked to: one of you/),
    ]);
  });

  test('typing goes neither way', async () => {
    await using world = await pair();
    const { api, ann, bob, settle } = world;
    const typing = ({ frames }: MemoryConnection) => frames.filter(({ type }) => type === 'typing').length;
    const both = async () => {
      ann.write({ type: 'typing', to: 'bob' });
      bob.write({ type: 'typing', to: 'ann' });
      await settle();
      return [typing(ann), typing(bob)];
    };
    expect(await both()).toEqual([1, 1]);
    await api.call('PUT', '/api/blocks/bob', { as: 'ann' });
    expect(await both()).toEqual([1, 1]);
    await api.call('DELETE', '/api/blocks/bob', { as: 'ann' });
    expect(await both()).toEqual([2, 2]);
  });
});
