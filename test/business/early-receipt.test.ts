import { expect, test } from 'vitest';
import { eventsOf } from './events.ts';
import { expectSound, statusesOf } from './final-state.ts';
import { House } from './house.ts';

test.each(['delivered', 'read'] as const)(
  'C7: a %s receipt that overtakes its message is told after it',
  async (state) => {
    const house = new House();
    await house.connect('ann', 'bob');
    house.start();
    const { message, receipt } = eventsOf(house);
    const [known, late] = [message('ann', 'bob', 'known'), message('ann', 'bob', 'late')];
    await house.publish([known]);
    await house.quiet();
    await house.publish([receipt(state, known, late)]);
    await house.clock.advance(2_000);
    expect((await statusesOf(house)).get('known')).toBe(state);
    await house.publish([late]);
    await house.quiet();
    expect((await statusesOf(house)).get('late')).toBe(state);
    await expectSound(house);
  },
);

test('C16: a receipt for what never comes is given up, and causes nothing', async () => {
  const house = new House();
  await house.connect('ann', 'bob');
  house.start();
  const { message, receipt } = eventsOf(house);
  const lag = () => house.bus.lag('conversation', 'business');
  await house.publish([receipt('delivered', message('ann', 'bob', 'nothing'))]);
  await house.clock.advance(20_000);
  expect(await lag()).not.toEqual([]);
  await house.clock.advance(20_000);
  expect(await lag()).toEqual([]);
  expect(house.shown).toEqual([]);
  expect(await house.inboxes.page('ann', 0, 10)).toMatchObject({ entries: [], head: 0 });
});

test('C15: nobody acks for another: a receipt by the sender changes nothing', async () => {
  const house = new House();
  await house.connect('ann', 'bob');
  house.start();
  const { message, receipt } = eventsOf(house);
  const sent = message('ann', 'bob', 'one');
  await house.publish([sent]);
  await house.quiet();
  await house.publish([{ ...receipt('delivered', sent), by: 'ann' }]);
  await house.quiet();
  expect((await statusesOf(house)).get('one')).toBe('stored');
});
