import { Business } from '@chasqui/app-business/core';
import { recallBySystem } from '@chasqui/core';
import { expect, test } from 'vitest';
import { eventsOf } from './events.ts';
import { House, NODE } from './house.ts';

test('a hold that is placed while a batch of deletions is applied covers those that are still to come', async () => {
  await using house = new House();
  const events = eventsOf(house);
  const messages = Array.from({ length: 10 }, (_, n) => events.message('ann', 'bob', `words ${n}`));
  const hold = { holdId: 'a'.repeat(24), kind: 'user', subject: 'ann', reason: 'case 7', placedBy: 'key:1' } as const;
  let elapsedMs = 0;
  const process = house.start(undefined, (options) => {
    const { runtime, engines } = options;
    // Each deletion takes a tenth of a second, and the hold is placed during the first.
    const apply: typeof house.messages.apply = async (...args) => {
      if (elapsedMs === 0) await house.holds.place({ ...hold, placedAt: 1 });
      elapsedMs += 100;
      return house.messages.apply(...args);
    };
    const clock = { ...house.clock, now: house.clock.now, monotonic: () => house.clock.monotonic() + elapsedMs };
    return new Business({
      ...options,
      runtime: { ...runtime, clock },
      engines: { ...engines, messages: { ...house.messages, apply } },
    });
  });
  await house.publish(messages);
  await house.quiet();
  const keys = messages.map(({ encoded: { message } }) => message);
  await house.publish(keys.map((key) => recallBySystem(key, { nodeId: NODE.nodeId, at: 2 })));
  await house.quiet();
  const kept = await house.holds.kept(hold.holdId, { limit: 99 });
  expect(kept.map(({ content }) => content.text)).toEqual(messages.slice(2).map((_, n) => `words ${n + 2}`));
  await house.stop(process);
});
