import { expect, test } from 'vitest';
import { eventsOf } from './events.ts';
import { expectSound, statusesOf } from './final-state.ts';
import { House } from './house.ts';

async function afterMessages(): Promise<House> {
  const house = new House();
  const { message } = eventsOf(house);
  const setUp = house.start();
  await house.publish([message('ann', 'bob', 'one'), message('ann', 'bob', 'two'), message('ann', 'cid', 'tri')]);
  await house.quiet();
  await house.stop(setUp);
  return house;
}

test('C16: what a device confirmed in one batch costs one confirmation, the furthest', async () => {
  const house = await afterMessages();
  const process = house.start();
  process.arm(null);
  const { synced } = eventsOf(house);
  await house.publish([synced('bob', 1), synced('bob', 2), { ...synced('bob', 1), deviceId: 'tablet' }]);
  await house.quiet();
  expect(process.steps.filter((step) => step === 'logs.confirm')).toHaveLength(2);
  const devices = await house.logs.devices('bob');
  expect(devices.map(({ deviceId, position }) => [deviceId, position]).sort()).toEqual([
    ['phone', 2],
    ['tablet', 1],
  ]);
  expect(Object.fromEntries(await statusesOf(house))).toEqual({ one: 'delivered', two: 'delivered', tri: 'unread' });
  await expectSound(house);
});

test('positions of another epoch say nothing, also beside those of this one', async () => {
  const house = await afterMessages();
  house.start();
  const { synced } = eventsOf(house);
  const { epoch } = await house.logs.page('bob', 0, 1);
  await house.publish([
    { ...synced('bob', 1), epoch },
    { ...synced('bob', 2), epoch: 'another' },
  ]);
  await house.quiet();
  expect(await house.logs.devices('bob')).toMatchObject([{ deviceId: 'phone', position: 1 }]);
});

test('users who confirm in one batch are seen to side by side', async () => {
  const house = await afterMessages();
  const process = house.start();
  process.arm(null);
  const { synced } = eventsOf(house);
  await house.publish([synced('bob', 2), synced('cid', 1)]);
  await house.quiet();
  const reads = process.steps.filter((step) => step.startsWith('logs.') && step !== 'logs.append');
  expect(reads.slice(0, 3)).toEqual(['logs.devices', 'logs.devices', 'logs.page']);
});

test('C7, C10: a confirmation beyond the head confirms the head, and what comes later is not taken for confirmed', async () => {
  const house = await afterMessages();
  house.start();
  const { message, synced } = eventsOf(house);
  await house.publish([synced('bob', 100_000)]);
  await house.quiet();
  expect(await house.logs.devices('bob')).toMatchObject([{ deviceId: 'phone', position: 2 }]);
  await house.publish([message('ann', 'bob', 'later')]);
  await house.quiet();
  expect((await statusesOf(house)).get('later')).not.toBe('delivered');
  await house.publish([synced('bob', 3)]);
  await house.quiet();
  expect((await statusesOf(house)).get('later')).toBe('delivered');
});
