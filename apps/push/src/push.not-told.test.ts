import { directAudience, encodeMessage } from '@chasqui/domain';
import { describe, expect, test } from 'vitest';
import { pushWorld } from './testing/fixture.ts';

describe('what is not told', () => {
  const theMessage = async ({ engines }: ReturnType<typeof pushWorld>) => {
    const [message] = await engines.messages.page('ann~bob', { limit: 1 });
    return message ?? expect.fail('no message');
  };
  /** The reason why bob was not notified; null: he was. */
  const reasonOf = async (prepare: (world: ReturnType<typeof pushWorld>) => Promise<unknown>) => {
    const world = pushWorld();
    await world.register('apns');
    const task = await world.stored('hello');
    await prepare(world);
    await world.publish(task);
    await world.clock.advance(2_000);
    const [outcome] = await world.outcomes(task);
    const isTold = outcome?.result === 'accepted';
    expect(world.senders.apns.sent).toHaveLength(isTold ? 1 : 0);
    return isTold ? null : outcome?.reason;
  };
  const raise = (member: string) => async (world: ReturnType<typeof pushWorld>) => {
    const message = await theMessage(world);
    await world.engines.messages.raise([{ ...message, member, status: 'delivered', at: 1, node: 'n' }]);
  };

  test('C17: a message that a device has confirmed meanwhile', async () => {
    expect(await reasonOf(raise('bob'))).toBe('confirmed');
    expect(await reasonOf(raise('ann'))).toBeNull();
  });

  test('C17: a message up to which its receiver has read', async () => {
    const readUpTo = (move: (messageId: string) => string) => (world: ReturnType<typeof pushWorld>) =>
      theMessage(world).then(({ conversationId, messageId }) =>
        world.engines.conversations.markRead({
          userId: 'bob',
          conversationId,
          upTo: move(messageId),
          at: 1,
          node: 'n',
        }),
      );
    expect(await reasonOf(readUpTo((messageId) => messageId))).toBe('confirmed');
    expect(await reasonOf(readUpTo(() => '0'.repeat(24)))).toBeNull();
  });

  test('a message that was recalled or is not there', async () => {
    expect(
      await reasonOf(async (world) => {
        const message = await theMessage(world);
        await world.engines.messages.apply([
          { ...message, action: { action: 'recall', revision: 1, by: 'ann', at: 1 }, node: 'n' },
        ]);
      }),
    ).toBe('recalled');
    expect(
      await reasonOf(async ({ engines }) => {
        const [message] = await engines.messages.page('ann~bob', { limit: 1 });
        await engines.messages.remove([{ conversationId: 'ann~bob', messageId: message?.messageId ?? '' }]);
      }),
    ).toBe('gone');
  });

  test('a person who wants none, now or at all, or not of this sender', async () => {
    expect(
      await reasonOf(({ profile }) =>
        profile('bob', ({ notifications }) => {
          notifications.enabled = false;
        }),
      ),
    ).toBe('off');
    expect(
      await reasonOf(({ profile }) =>
        profile('bob', ({ notifications }) => {
          notifications.quietHours = { from: '00:00', to: '00:00', timeZone: 'Asia/Shanghai' };
        }),
      ),
    ).toBe('quiet');
    expect(await reasonOf(async ({ engines }) => void (await engines.blocks.block('bob', 'ann', 1)))).toBe('blocked');
  });

  test('a message that its receiver may not see, as it was sent under a silent block that is lifted by now', async () => {
    expect(
      await reasonOf(async (world) => {
        const message = await theMessage(world);
        await world.engines.messages.remove([message]);
        const silenced = { ...message, audience: directAudience('ann', 'bob', true) };
        await world.engines.messages.put([{ ...encodeMessage(silenced), steps: [] }]);
      }),
    ).toBe('blocked');
  });

  test('a notification would be stale: given up', async () => {
    const { register, stored, publish, outcomes, clock } = pushWorld({ settings: { maxAgeMs: 60_000 } });
    await register('apns');
    const task = await stored('hello');
    await clock.advance(60_001);
    await publish(task);
    await clock.advance(2_000);
    expect(await outcomes(task)).toMatchObject([{ result: 'given_up', reason: 'stale', provider: null }]);
  });
});
