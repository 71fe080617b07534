import { ImError } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { eventsOf } from './events.ts';
import { expectSound, statusesOf } from './final-state.ts';
import { House, NODE } from './house.ts';

/** The users' phones connect to another node. */
async function backOn(house: House, nodeId: string, ...userIds: string[]): Promise<void> {
  for (const userId of userIds) {
    const entry = { userId, deviceId: 'phone', sessionId: `session-${userId}`, nodeId };
    await house.presence.register({ ...entry, platform: 'test', since: 0 });
  }
}

test('C9: when presence, node and Business end at once, the next Business finds what was pushed in vain from the inboxes', async () => {
  const house = new House();
  await house.connect('ann', 'bob', 'cid');
  const { message, receipt, synced } = eventsOf(house);
  const first = house.start();
  const [old, got] = [message('ann', 'bob', 'old'), message('ann', 'bob', 'got')];
  await house.publish([old, message('bob', 'ann', 'seen')]);
  await house.publish([receipt('delivered', old)]);
  await house.clock.advance(600_000);
  await house.publish([got, message('ann', 'bob', 'missed'), message('bob', 'cid', 'here')]);
  await house.publish([receipt('delivered', got)]);
  await house.clock.advance(8_000);
  // kill -9 of everything, presence included.
  first.arm({ step: 0, trouble: 'dies-before' });
  await house.clock.advance(1_000);
  await house.registry.remove(NODE.nodeId);
  for (const userId of ['ann', 'bob', 'cid']) {
    await house.presence.unregister({ userId, deviceId: 'phone', sessionId: `session-${userId}` });
  }
  await house.clock.advance(600_000);
  const second = { ...NODE, nodeId: 'connect-2' };
  await house.registry.renew(second, 1e12);
  house.start();
  // cid reconnects and syncs at once; ann waits for announcements.
  for (const userId of ['ann', 'cid']) {
    const entry = { userId, deviceId: 'phone', sessionId: `session-${userId}`, nodeId: second.nodeId };
    await house.presence.register({ ...entry, platform: 'test', since: 0 });
  }
  await house.publish([synced('cid', 1)]);
  house.shown.length = 0;
  await house.clock.advance(40_000);
  await house.quiet();
  expect(Object.fromEntries(await statusesOf(house))).toEqual({
    old: 'delivered',
    got: 'delivered',
    missed: 'unread',
    here: 'delivered',
    // Ten minutes earlier, a live node reported it.
    seen: 'stored',
  });
  expect(house.pushTasks.map(({ to }) => to)).toEqual(['bob']);
  const receipts = house.shown.filter(({ userId, frame }) => userId === 'ann' && frame.type === 'receipt');
  expect(receipts).toMatchObject([{ frame: { state: 'unread', by: 'bob' } }]);
  await expectSound(house);
});

test('C9: what was pushed before the start to a dead node is handled as offline, also if the user is back elsewhere and does not sync', async () => {
  const house = new House();
  await house.connect('ann', 'bob');
  const { message, receipt } = eventsOf(house);
  const first = house.start();
  const got = message('ann', 'bob', 'got');
  await house.publish([got, message('ann', 'bob', 'missed')]);
  await house.publish([receipt('delivered', got)]);
  await house.clock.advance(1_000);
  first.arm({ step: 0, trouble: 'dies-before' });
  await house.clock.advance(1_000);
  await house.registry.remove(NODE.nodeId);
  const second = { ...NODE, nodeId: 'connect-2' };
  await house.registry.renew(second, 1e12);
  await backOn(house, second.nodeId, 'ann', 'bob');
  house.start();
  // A live node could still report it.
  await house.clock.advance(25_000);
  await house.publish([message('ann', 'bob', 'left to its node')]);
  expect((await statusesOf(house)).get('missed')).toBe('stored');
  await house.clock.advance(5_000);
  await house.quiet();
  const expected = { got: 'delivered', missed: 'unread', 'left to its node': 'stored' };
  expect(Object.fromEntries(await statusesOf(house))).toEqual(expected);
  expect(house.pushTasks.map(({ to }) => to)).toEqual(['bob']);
  await expectSound(house);
});

test.each([
  ['500 ms', 500, 40, 5_000],
  ['18 s', 18_000, 4, 5_000],
  ['27 s, ten minutes apart', 27_000, 4, 600_000],
] as const)(
  'C9: what was pushed in vain is found again however often all ends again within %s, while others chat',
  async (_, lifeMs, times, restMs) => {
    const house = new House();
    await house.connect('ann', 'bob', 'cid');
    const { message } = eventsOf(house);
    let running = house.start();
    /** kill -9 of everything, presence included: all further calls of the process stay unanswered. */
    const end = async (): Promise<void> => {
      running.arm({ step: running.steps.length, trouble: 'dies-before' });
      await house.clock.advance(1_000);
      await house.registry.remove(NODE.nodeId);
      for (const userId of ['ann', 'bob', 'cid']) {
        await house.presence.unregister({ userId, deviceId: 'phone', sessionId: `session-${userId}` });
      }
    };
    await house.publish([message('ann', 'bob', 'missed')]);
    await house.clock.advance(3_000);
    await end();
    for (let n = 0; n < times; n++) {
      await house.clock.advance(restMs);
      running = house.start();
      await house.registry.renew({ ...NODE, nodeId: `connect-again-${n}` }, 1e12);
      for (const userId of ['ann', 'cid']) {
        const entry = { userId, deviceId: 'phone', sessionId: `session-${userId}`, nodeId: `connect-again-${n}` };
        await house.presence.register({ ...entry, platform: 'test', since: 0 });
      }
      await house.publish([message('ann', 'cid', `chat-${n}`)]);
      await house.clock.advance(lifeMs);
      await end();
    }
    expect((await statusesOf(house)).get('missed')).toBe('stored');
    house.start();
    await house.clock.advance(45_000);
    await house.quiet();
    expect((await statusesOf(house)).get('missed')).toBe('unread');
    expect(house.pushTasks.map(({ to }) => to)).toContain('bob');
  },
);

test('C9: once a start is recovered, the next one looks at the last minute only', async () => {
  const house = new House();
  await house.connect('ann', 'bob');
  const { message } = eventsOf(house);
  const first = house.start();
  await house.publish([message('ann', 'bob', 'left to its node')]);
  await house.clock.advance(1_000);
  await house.stop(first);
  const second = house.start();
  await house.clock.advance(60_000);
  await house.publish([message('bob', 'ann', 'later')]);
  await house.clock.advance(10_000);
  await house.stop(second);
  const since: number[] = [];
  const { beginLookBack } = house.messages;
  house.messages.beginLookBack = async (from, startedAt) => {
    const answer = await (beginLookBack as NonNullable<typeof beginLookBack>)(from, startedAt);
    since.push(house.clock.now() - answer);
    return answer;
  };
  house.start();
  await house.clock.advance(2_000);
  expect(since).toHaveLength(1);
  expect(since[0]).toBeLessThan(75_000);
});

test('C9, C11: what the store cannot say at the start is asked until it can', async () => {
  const house = new House();
  await house.connect('ann', 'bob');
  const first = house.start();
  await house.publish([eventsOf(house).message('ann', 'bob', 'missed')]);
  await house.clock.advance(1_000);
  first.arm({ step: 0, trouble: 'dies-before' });
  await house.clock.advance(1_000);
  await house.registry.remove(NODE.nodeId);
  const { recent } = house.messages;
  house.messages.recent = () => Promise.reject(new ImError('store_unavailable', 'away'));
  house.start();
  await house.clock.advance(60_000);
  expect((await statusesOf(house)).get('missed')).toBe('stored');
  house.messages.recent = recent as NonNullable<typeof recent>;
  await house.clock.advance(40_000);
  await house.quiet();
  expect((await statusesOf(house)).get('missed')).toBe('unread');
});
