import { decodeEvents } from '@chasqui/core';
import { CONVERSATION_TOPIC, type ConversationEvent } from '@chasqui/domain';
import { expect, test, vi } from 'vitest';
import { eventsOf } from './events.ts';
import { FaultyProcess } from './faulty-process.ts';
import { expectSound, statusesOf } from './final-state.ts';
import { House, NODE } from './house.ts';

const LEASE_MS = 8_000;
/** How long a claim on a recovery is valid before another process may take it. */
const CLAIM_MS = 30_000;

/** bob and cid on a node that no longer renews its lease; one message delivered, one not, one of each outgoing. */
async function afterDeath(): Promise<House> {
  const house = new House();
  await house.connect('ann', 'bob', 'cid');
  const { message, receipt } = eventsOf(house);
  const setUp = house.start();
  const got = message('ann', 'bob', 'got');
  await house.publish([
    got,
    message('ann', 'bob', 'missed'),
    message('bob', 'ann', 'own'),
    message('ann', 'cid', 'moved'),
  ]);
  await house.publish([receipt('delivered', got)]);
  await house.quiet();
  await house.stop(setUp);
  const second = { ...NODE, nodeId: 'connect-2' };
  await house.registry.renew(second, 1e12);
  for (const userId of ['ann', 'cid']) {
    const entry = { userId, deviceId: 'tablet', sessionId: `${userId}-2`, nodeId: second.nodeId };
    await house.presence.register({ ...entry, platform: 'test', since: 0 });
  }
  await house.registry.renew(NODE, LEASE_MS);
  return house;
}

const EXPECTED = { got: 'delivered', missed: 'unread', own: 'stored', moved: 'stored' };
/** Half a minute after a start: ann and cid have devices on another node, but none of them has synced. */
const EXPECTED_LATER = { ...EXPECTED, own: 'unread', moved: 'unread' };

/** The users' phones connect to another node. */
async function backOn(house: House, nodeId: string, ...userIds: string[]): Promise<void> {
  for (const userId of userIds) {
    const entry = { userId, deviceId: 'phone', sessionId: `session-${userId}`, nodeId };
    await house.presence.register({ ...entry, platform: 'test', since: 0 });
  }
}

test("C9: what a dead node's absent users have not received is handled as offline, and nothing else", async () => {
  const house = await afterDeath();
  const reported: string[] = [];
  house.bus.consume({
    topic: CONVERSATION_TOPIC,
    group: 'test',
    handle: async (batch) => {
      const events = batch.flatMap(({ body }) => decodeEvents(body) as ConversationEvent[]);
      for (const event of events) if (event.type === 'offline') reported.push(...event.messageIds);
    },
  });
  house.start();
  await house.clock.advance(LEASE_MS - 1_000);
  expect((await statusesOf(house)).get('missed')).toBe('stored');
  await house.clock.advance(2_000);
  await house.quiet();
  expect(Object.fromEntries(await statusesOf(house))).toEqual(EXPECTED);
  expect(house.pushTasks.map(({ to }) => to)).toEqual(['bob']);
  expect(reported).toHaveLength(1);
  expect(await house.registry.claimDead(CLAIM_MS)).toEqual([]);
  expect(await house.presence.onNode(NODE.nodeId, null, 10)).toMatchObject({ entries: [] });
  await expectSound(house);
});

const presenceTold = ({ told }: House) =>
  told.filter(({ type }) => type.startsWith('user.')).map(({ type, key, id }) => [type, key, id]);

test('the host application is told whose last device was on a dead node, of each user once', async () => {
  const house = await afterDeath();
  // A second device of bob on the dead node; one user returns on another node before anybody notices.
  const tablet = { userId: 'bob', deviceId: 'tablet', sessionId: 'z-tablet', nodeId: NODE.nodeId };
  await house.presence.register({ ...tablet, platform: 'test', since: 0 });
  house.start();
  await house.clock.advance(LEASE_MS + 2_000);
  await house.quiet();
  expect(presenceTold(house)).toEqual([['user.offline', 'bob', 'offline-z-tablet']]);
});

test('who returns while the dead node is recovered is told to be online again', async () => {
  const house = await afterDeath();
  const { presence } = house;
  const unregister = presence.unregister.bind(presence);
  vi.spyOn(presence, 'unregister').mockImplementationOnce(async (entry) => {
    // Between what is told and the removal of the entry, which the new one replaces.
    const back = { userId: 'bob', deviceId: 'phone', sessionId: 'back', nodeId: 'connect-2' };
    await presence.register({ ...back, platform: 'test', since: 0 });
    return unregister(entry);
  });
  house.start();
  await house.clock.advance(LEASE_MS + 2_000);
  await house.quiet();
  expect(presenceTold(house)).toEqual([
    ['user.offline', 'bob', 'offline-session-bob'],
    ['user.online', 'bob', 'online-back'],
  ]);
});

test('C9, C17: what a dead node’s user has read is not handled as offline, whatever its status says', async () => {
  const house = new House();
  await house.connect('ann', 'bob');
  const { message, receipt } = eventsOf(house);
  house.start();
  const [one, two] = [message('ann', 'bob', 'one'), message('ann', 'bob', 'two')];
  await house.publish([one, two]);
  await house.quiet();
  await house.publish([receipt('read', one)]);
  await house.quiet();
  const offline: string[] = [];
  house.bus.consume({
    topic: CONVERSATION_TOPIC,
    group: 'test',
    handle: async (batch) => {
      const events = batch.flatMap(({ body }) => decodeEvents(body) as ConversationEvent[]);
      for (const event of events) if (event.type === 'offline') offline.push(...event.messageIds);
    },
  });
  await house.registry.renew(NODE, LEASE_MS);
  await house.clock.advance(LEASE_MS + 2_000);
  await house.quiet();
  expect(offline).toEqual([two.encoded.message.messageId]);
  expect(Object.fromEntries(await statusesOf(house))).toEqual({ one: 'read', two: 'unread' });
  await expectSound(house);
});

/** The steps of a recovery without faults. */
async function stepsOf(): Promise<string[]> {
  const house = await afterDeath();
  const process = house.start();
  await house.clock.advance(LEASE_MS - 500);
  process.arm(null);
  await house.clock.advance(1_500);
  await house.quiet();
  const settled = process.steps.indexOf('registry.settle');
  expect(settled).toBeGreaterThan(0);
  return process.steps.slice(process.steps.indexOf('registry.claimDead'), settled + 1);
}

test.each(['refused', 'unheard', 'dies-before', 'dies-after'] as const)(
  'C9: a recovery with trouble (%s) in any line is taken up again',
  async (trouble) => {
    const steps = await stepsOf();
    for (const [step, name] of steps.entries()) {
      const house = await afterDeath();
      const process = house.start(new FaultyProcess());
      await house.clock.advance(LEASE_MS - 500);
      process.arm({ step, trouble });
      const silence = process.onSilence;
      process.onSilence = () => {
        silence();
        house.start();
      };
      await house.clock.advance(CLAIM_MS + 20_000);
      await house.quiet();
      expect(Object.fromEntries(await statusesOf(house)), `${trouble} at ${name}`).toEqual(EXPECTED_LATER);
      expect(
        house.pushTasks.map(({ to }) => to),
        `${trouble} at ${name}`,
      ).toContain('bob');
      await expectSound(house);
    }
  },
);

test('C14: a process that stops in the middle of a recovery leaves the rest to another', async () => {
  const house = await afterDeath();
  // More users than are recovered in parallel; bob is last.
  for (let n = 0; n < 40; n++) {
    const entry = { userId: `u${n}`, deviceId: 'phone', sessionId: `s${n}`, nodeId: NODE.nodeId };
    await house.presence.register({ ...entry, platform: 'test', since: 0 });
  }
  await house.presence.unregister({ userId: 'bob', deviceId: 'phone', sessionId: 'session-bob' });
  const bob = { userId: 'bob', deviceId: 'phone', sessionId: 'session-bob', nodeId: NODE.nodeId };
  await house.presence.register({ ...bob, platform: 'test', since: 0 });
  const process = house.start();
  await house.clock.advance(LEASE_MS - 500);
  // The recovery blocks at the first user, and is stopped meanwhile.
  process.arm({ step: 3, trouble: 'freezes-before' });
  process.onSilence = () => {};
  await house.clock.advance(1_500);
  expect(process.steps.at(-1)).toMatch(/logs/);
  const stopped = house.stop(process);
  process.thaw();
  await stopped;
  house.start();
  await house.clock.advance(CLAIM_MS + 2_000);
  await house.quiet();
  expect((await statusesOf(house)).get('missed')).toBe('unread');
});

test('C9: what a node took that died together with presence is handled as offline, also if the user is back elsewhere', async () => {
  const house = new House();
  await house.connect('ann', 'bob', 'cid');
  const { message, receipt } = eventsOf(house);
  house.start();
  const got = message('ann', 'bob', 'got');
  await house.publish([got, message('ann', 'bob', 'missed'), message('ann', 'cid', 'gone')]);
  await house.publish([receipt('delivered', got)]);
  await house.clock.advance(1_000);
  await house.registry.remove(NODE.nodeId);
  const second = { ...NODE, nodeId: 'connect-2' };
  await house.registry.renew(second, 1e12);
  const tablet = { userId: 'bob', deviceId: 'tablet', sessionId: 'bob-2', nodeId: second.nodeId };
  await house.presence.register({ ...tablet, platform: 'test', since: 0 });
  await house.clock.advance(20_000);
  expect(Object.fromEntries(await statusesOf(house))).toEqual({ got: 'delivered', missed: 'stored', gone: 'stored' });
  await house.clock.advance(10_000);
  await house.quiet();
  expect(Object.fromEntries(await statusesOf(house))).toEqual({ got: 'delivered', missed: 'unread', gone: 'unread' });
});

test('C9: further messages to a user who is back elsewhere do not postpone what died with a node', async () => {
  const house = new House();
  await house.connect('ann', 'bob');
  const { message } = eventsOf(house);
  house.start();
  await house.publish([message('ann', 'bob', 'missed')]);
  await house.clock.advance(1_000);
  await house.registry.remove(NODE.nodeId);
  const second = { ...NODE, nodeId: 'connect-2' };
  await house.registry.renew(second, 1e12);
  await backOn(house, second.nodeId, 'ann', 'bob');
  for (let n = 1; n <= 3; n++) {
    await house.clock.advance(9_000);
    await house.publish([message('ann', 'bob', `later-${n}`)]);
  }
  await house.clock.advance(6_000);
  await house.quiet();
  const expected = { missed: 'unread', 'later-1': 'stored', 'later-2': 'stored', 'later-3': 'stored' };
  expect(Object.fromEntries(await statusesOf(house))).toEqual(expected);
});

test('C9: what a node that lives took is left to that node', async () => {
  const house = new House();
  await house.connect('ann', 'bob');
  house.start();
  await house.publish([eventsOf(house).message('ann', 'bob', 'seen to')]);
  await house.clock.advance(60_000);
  expect(Object.fromEntries(await statusesOf(house))).toEqual({ 'seen to': 'stored' });
});

test('C16: of a user who never confirms, the newest entries are looked at, up to the bound', async () => {
  const house = new House();
  house.limits = { ...house.limits, maxRecoveredEntries: 3 };
  await house.connect('ann', 'bob');
  const names = ['m1', 'm2', 'm3', 'm4', 'm5'];
  const { message } = eventsOf(house);
  const setUp = house.start();
  await house.publish(names.map((name) => message('ann', 'bob', name)));
  await house.quiet();
  await house.stop(setUp);
  await house.registry.renew(NODE, LEASE_MS);
  house.start();
  await house.clock.advance(LEASE_MS + 1_000);
  await house.quiet();
  const statuses = await statusesOf(house);
  expect(names.map((name) => statuses.get(name))).toEqual(['stored', 'stored', 'unread', 'unread', 'unread']);
});
