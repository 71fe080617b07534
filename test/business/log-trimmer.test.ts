import { expect, test } from 'vitest';
import { eventsOf } from './events.ts';
import { House, RETENTION_MS } from './house.ts';

test('C16, C10: inbox entries end with their retention, in any number; positions go on; history stays', async () => {
  const house = new House();
  const process = house.start();
  const { message } = eventsOf(house);
  await house.publish(Array.from({ length: 2_500 }, (_, n) => message('ann', 'bob', `old${n}`)));
  await house.quiet();
  await house.stop(process);
  await house.clock.advance(RETENTION_MS / 2);
  house.start();
  await house.publish([message('ann', 'bob', 'new')]);
  await house.clock.advance(RETENTION_MS / 3);
  expect(await house.logs.page('bob', 0, 1)).toMatchObject({ floor: 0, head: 2_501 });
  await house.clock.advance(RETENTION_MS / 5);
  const { entries, floor, head } = await house.logs.page('bob', 2_500, 10);
  expect({ floor, head }).toEqual({ floor: 2_500, head: 2_501 });
  expect(entries).toMatchObject([{ position: 2_501, clientMessageId: 'new' }]);
  expect(await house.messages.page('ann~bob', { limit: 3_000 })).toHaveLength(2_501);
});
