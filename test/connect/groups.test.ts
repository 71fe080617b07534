import { decodeEvents } from '@chasqui/core';
import { CONVERSATION_TOPIC, DEFAULT_LIMITS, ImError } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { BOUNDS, framesOf, type GroupWorld, groupWorld, heard, TEAM } from './group-world.ts';
import type { MemoryConnection } from './memory-node.ts';

test('C19: a message to a group comes to every member’s other device on every node, once it is queued, and to nobody else', async () => {
  const { login, change, clock } = await groupWorld();
  await change('create', 'ann', { name: 'Team', description: '', picture: '', settings: {}, members: ['bob', 'cid'] });
  const ann = await login('ann');
  const tablet = await login('ann', 1, 'tablet');
  const [bob, cid, old, dan] = [
    await login('bob', 0),
    await login('cid', 1),
    await login('cid', 1, 'old', {}),
    await login('dan', 1),
  ];
  ann.write({
    type: 'chat',
    clientMessageId: 'k1',
    conversationId: 'team',
    content: { text: 'hello' },
    mentions: ['bob'],
  });
  await clock.advance(50);
  expect(framesOf(ann, 'send_ack')).toMatchObject([{ clientMessageId: 'k1', conversationId: 'team' }]);
  for (const device of [tablet, bob, cid]) {
    expect(framesOf(device, 'chat')).toMatchObject([
      { from: 'ann', kind: 'group', conversationId: 'team', mentions: ['bob'], content: { text: 'hello' } },
    ]);
  }
  expect([ann, old, dan].map(heard)).toEqual([[], [], []]);
});

async function say(device: MemoryConnection, { clock }: GroupWorld, text: string, key = text) {
  device.write({ type: 'chat', clientMessageId: key, conversationId: 'team', content: { text } });
  await clock.advance(20);
}

test('C20: whoever is removed gets nothing from then on, on any node; who is added or comes back gets it from then on', async () => {
  const world = await groupWorld();
  await world.change('create', 'ann', { ...TEAM, settings: { history: 'since_join' } });
  const [ann, bob, dan] = [await world.login('ann'), await world.login('bob', 1), await world.login('dan', 1)];
  await say(ann, world, 'one');
  await world.change('remove', 'ann', { users: ['bob'] });
  await say(ann, world, 'two');
  await world.change('add', 'ann', { users: ['bob', 'dan'] });
  await say(ann, world, 'three');
  await world.change('role', 'ann', { userId: 'bob', role: 'admin' });
  await say(ann, world, 'four');
  expect([heard(bob), heard(dan)]).toEqual([
    ['one', 'three', 'four'],
    ['three', 'four'],
  ]);
  await say(bob, world, 'five');
  expect(heard(dan)).toEqual(['three', 'four', 'five']);
  await world.change('remove', 'ann', { users: ['bob'] });
  await say(bob, world, 'six');
  expect(framesOf(bob, 'error')).toMatchObject([{ code: 'not_a_member', ref: 'six' }]);
  expect(heard(dan)).not.toContain('six');
});

test('C20: a removal that is told while a member’s groups are still being read holds', async () => {
  const held: (() => void)[] = [];
  const world = await groupWorld();
  await world.change('create', 'ann', TEAM);
  const stays = world.groups.stays.bind(world.groups);
  world.groups.stays = async (...args) => {
    const found = await stays(...args);
    await new Promise<void>((resolve) => held.push(resolve));
    return found;
  };
  const bob = await world.login('bob', 1);
  await world.change('remove', 'ann', { users: ['bob'] });
  for (const release of held.splice(0)) release();
  await world.clock.advance(50);
  const chat = JSON.stringify({ type: 'typing', conversationId: 'team', from: 'ann', active: true });
  const counts = world.nodes[1]?.deliver([{ userId: 'ann', group: 'team', onlySession: '-', frame: chat }]);
  expect([counts, framesOf(bob, 'typing')]).toEqual([[0], []]);
});

test('a session that joins a group while it is logged in is told the group’s head, behind its subscription', async () => {
  const world = await groupWorld();
  await world.change('create', 'ann', TEAM);
  await world.store('ann', 'before');
  const dan = await world.login('dan', 1, 'phone', { groupsSince: 7 });
  expect(framesOf(dan, 'groups')).toMatchObject([{ groups: [], cursor: 7 }]);
  await world.change('add', 'ann', { users: ['dan'] });
  await world.clock.advance(20);
  const [, joined] = framesOf(dan, 'groups');
  expect(joined).toMatchObject({ cursor: 7, groups: [{ conversationId: 'team', role: 'member', preview: 'before' }] });
  expect(joined).not.toHaveProperty('before');
  expect(await world.groupNodes.nodesOf(['team'])).toEqual([['n2']]);
});

test('C19: a node subscribes with the first session of a member, and unsubscribes some seconds after the last', async () => {
  const world = await groupWorld();
  await world.change('create', 'ann', TEAM);
  const subscribed = async () => (await world.groupNodes.nodesOf(['team']))[0];
  await world.login('bob', 1, 'old', {});
  expect(await subscribed()).toEqual([]);
  const devices = [await world.login('bob', 1), await world.login('cid', 1)];
  expect(await subscribed()).toEqual(['n2']);
  for (const device of devices) {
    expect(await subscribed()).toEqual(['n2']);
    device.end(1000, '');
    await world.clock.advance(1_000);
  }
  const back = await world.login('bob', 1, 'again');
  await world.clock.advance(10_000);
  expect(await subscribed()).toEqual(['n2']);
  back.end(1000, '');
  await world.clock.advance(3_000);
  expect(await subscribed()).toEqual(['n2']);
  await world.clock.advance(5_000);
  expect(await subscribed()).toEqual([]);
  await world.login('bob', 1);
  expect(await subscribed()).toEqual(['n2']);
  await world.nodes[1]?.[Symbol.asyncDispose]();
  expect(await subscribed()).toEqual([]);
});

test('C11: a log-in does not wait for the store; the session is in its groups, and has their heads, once it answers', async () => {
  const world = await groupWorld();
  await world.change('create', 'ann', TEAM);
  const { stays, heads } = world.groups;
  const away = async () => Promise.reject(new ImError('store_unavailable', 'away'));
  Object.assign(world.groups, { stays: away, heads: away });
  const [ann, bob] = [await world.login('ann'), await world.login('bob')];
  await world.clock.advance(3_000);
  expect(framesOf(bob, 'groups')).toEqual([]);
  Object.assign(world.groups, { stays });
  await world.clock.advance(10_000);
  Object.assign(world.groups, { heads });
  await world.clock.advance(10_000);
  expect(framesOf(bob, 'groups')).toMatchObject([{ groups: [{ conversationId: 'team' }] }]);
  await say(ann, world, 'hello');
  expect(heard(bob)).toEqual(['hello']);
});

test('C11: a node that presence had lost is in its groups again, and hears what changed meanwhile', async () => {
  const world = await groupWorld();
  await world.change('create', 'ann', TEAM);
  const [ann, bob] = [await world.login('ann'), await world.login('bob', 1)];
  await world.groupNodes.unsubscribe('n2', ['team']);
  // Applied, but nobody could tell the node.
  await world.groups.apply(
    { change: 'create', conversationId: 'crew', changeId: 'x', by: 'ann', at: 1, details: { ...TEAM, name: 'Crew' } },
    BOUNDS,
  );
  await world.nodesRegistry.remove('n2');
  await world.clock.advance(5_000);
  const subscribers = (await world.groupNodes.nodesOf(['team', 'crew'])).map((ids) => ids.includes('n2'));
  expect(subscribers).toEqual([true, true]);
  // As a session, and once more when it is in its groups again.
  expect(framesOf(bob, 'sync_needed').length).toBeGreaterThan(1);
  bob.write({ type: 'groups' });
  await world.clock.advance(5);
  const heads = framesOf(bob, 'groups')
    .at(-1)
    ?.groups.map(({ conversationId }) => conversationId);
  expect(heads?.toSorted()).toEqual(['crew', 'team']);
  await say(ann, world, 'hello');
  expect(heard(bob)).toEqual(['hello']);
});

test('C20: a removal that passed by a node which presence had lost holds there once the node knows of the loss', async () => {
  const world = await groupWorld();
  await world.change('create', 'ann', TEAM);
  const [ann, bob] = [await world.login('ann'), await world.login('bob', 1)];
  // Applied, but nobody could tell the node.
  await world.groups.apply(
    { change: 'remove', conversationId: 'team', changeId: 'x', by: 'ann', at: 1, details: { users: ['bob'] } },
    BOUNDS,
  );
  await world.nodesRegistry.remove('n2');
  await world.clock.advance(5_000);
  await say(ann, world, 'without bob');
  expect(heard(bob)).toEqual([]);
});

test('typing is shown in small groups alone, to others than the session that types, and by members', async () => {
  const world = await groupWorld({ limits: { ...DEFAULT_LIMITS, maxSmallGroup: 3 } });
  await world.change('create', 'ann', TEAM);
  const [ann, bob, dan] = [await world.login('ann'), await world.login('bob', 1), await world.login('dan')];
  const type = async (device: MemoryConnection) => {
    device.write({ type: 'typing', conversationId: 'team' });
    await world.clock.advance(10);
  };
  await type(ann);
  expect(framesOf(bob, 'typing')).toMatchObject([{ conversationId: 'team', from: 'ann', active: true }]);
  await type(dan);
  expect([framesOf(bob, 'typing').length, framesOf(ann, 'typing').length]).toEqual([1, 0]);
  await world.change('add', 'ann', { users: ['dan'] });
  await type(ann);
  expect(framesOf(bob, 'typing')).toHaveLength(1);
});

test('acks: a read moves the mark of a member by its last id; delivered is passed over; recalls are of members', async () => {
  const world = await groupWorld();
  await world.change('create', 'ann', TEAM);
  const published: unknown[] = [];
  const consumer = world.bus.consume({
    topic: CONVERSATION_TOPIC,
    group: 'business',
    handle: async (deliveries) => {
      published.push(...deliveries.flatMap(({ body }) => decodeEvents(body)));
    },
  });
  const [bob, dan] = [await world.login('bob'), await world.login('dan')];
  const ids = ['0199c3d2a4f10000c0ffee09', '0199c3d2a4f10000c0ffee10', '0199c3d2a4f10000c0ffee01'];
  for (const device of [bob, dan]) {
    for (const state of ['read', 'delivered'] as const) {
      device.write({ type: 'ack', state, conversationId: 'team', messageIds: ids });
    }
    device.write({ type: 'recall', conversationId: 'team', messageId: ids[0] ?? '' });
  }
  await world.clock.advance(100);
  expect(published).toMatchObject([
    { type: 'receipt', state: 'read', conversationId: 'team', by: 'bob', messageIds: [ids[1]] },
    { type: 'recall', conversationId: 'team', by: 'bob', messageId: ids[0] },
  ]);
  expect(framesOf(dan, 'error').map(({ code }) => code)).toEqual(['not_a_member', 'not_a_member']);
  await consumer[Symbol.asyncDispose]();
});

test('C15: a message or a typing notice without an address is refused with the field', async () => {
  const world = await groupWorld();
  const bob = await world.login('bob');
  bob.write({ type: 'chat', clientMessageId: 'k', content: { text: 'x' } });
  bob.write({ type: 'typing', ref: 't' });
  await world.clock.advance(5);
  expect(framesOf(bob, 'error')).toMatchObject([
    { code: 'invalid_frame', field: 'to', ref: 'k' },
    { code: 'invalid_frame', field: 'to', ref: 't' },
  ]);
});

test('C23: reactions in a group have a rate of their own, which takes nothing from its messages', async () => {
  const burst = 20;
  const world = await groupWorld({
    limits: { ...DEFAULT_LIMITS, groupReactionBurst: burst, groupMessageBurst: burst },
  });
  await world.change('create', 'ann', TEAM);
  const ann = await world.login('ann');
  const { messageId } = await world.store('ann', 'one');
  const react = { type: 'action', action: 'react', conversationId: 'team', messageId, emoji: '👍' } as const;
  for (let n = 0; n <= burst; n++) ann.write({ ...react, ref: `r${n}` });
  ann.write({ ...react, conversationId: 'crew', ref: 'elsewhere' });
  ann.write({ ...react, action: 'edit', emoji: undefined, content: { text: 'two' }, ref: 'edit' } as never);
  await world.clock.advance(0);
  expect(framesOf(ann, 'error')).toMatchObject([
    { ref: `r${burst}`, code: 'too_fast', retryAfterMs: expect.any(Number) },
    { ref: 'elsewhere', code: 'not_a_member' },
  ]);
});

test('C23: edits in a group count as messages of its rate, as they go to as many', async () => {
  const burst = 20;
  const world = await groupWorld({ limits: { ...DEFAULT_LIMITS, groupMessageBurst: burst } });
  await world.change('create', 'ann', TEAM);
  const ann = await world.login('ann');
  const { messageId } = await world.store('ann', 'one');
  const edit = { type: 'action', action: 'edit', conversationId: 'team', messageId, content: { text: 'two' } } as const;
  for (let n = 0; n <= burst; n++) ann.write({ ...edit, ref: `e${n}` });
  ann.write({ ...edit, conversationId: 'crew', ref: 'elsewhere' });
  await world.clock.advance(0);
  expect(framesOf(ann, 'error')).toMatchObject([
    { ref: `e${burst}`, code: 'too_fast', retryAfterMs: expect.any(Number) },
    { ref: 'elsewhere', code: 'not_a_member' },
  ]);
});
