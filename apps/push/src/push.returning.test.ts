import { describe, expect, test } from 'vitest';
import { accepted, pushWorld } from './testing/fixture.ts';

describe('who is coming back', () => {
  const comesBack = async ({ engines, clock }: ReturnType<typeof pushWorld>) => {
    const node = { nodeId: 'n1', wsUrl: '', peerAddress: '', connections: 1, draining: false, startedAt: 1 };
    await engines.nodes.renew(node, 3_600_000);
    const entry = { userId: 'bob', deviceId: 'web', sessionId: 's', nodeId: 'n1', platform: 'web' };
    await engines.presence.register({ ...entry, since: clock.now() });
  };

  test('gets time to confirm, and is then not told', async () => {
    const world = pushWorld();
    const { register, stored, publish, outcomes, clock, engines, senders } = world;
    await register('apns');
    const task = await stored('hello');
    await clock.advance(1);
    await comesBack(world);
    await publish(task);
    await clock.advance(3_000);
    expect(await outcomes(task)).toEqual([]);
    await engines.messages.raise([{ ...task, member: 'bob', status: 'delivered', at: 1, node: 'n' }]);
    await clock.advance(10_000);
    expect(await outcomes(task)).toMatchObject([{ result: 'not_needed', reason: 'confirmed' }]);
    expect(senders.apns.sent).toEqual([]);
  });

  test('but does not confirm: is told after all', async () => {
    const world = pushWorld();
    const { register, stored, publish, outcomes, clock } = world;
    await register('apns');
    const task = await stored('hello');
    await clock.advance(1);
    await comesBack(world);
    await publish(task);
    await clock.advance(14_000);
    expect(await outcomes(task)).toEqual([]);
    await clock.advance(10_000);
    expect(await outcomes(task)).toEqual([accepted]);
  });

  test('was connected all the time and does not answer: is told at once', async () => {
    const world = pushWorld();
    await world.register('apns');
    await comesBack(world);
    await world.clock.advance(1);
    const task = await world.stored('hello');
    await world.publish(task);
    await world.clock.advance(2_000);
    expect(await world.outcomes(task)).toEqual([accepted]);
  });
});
