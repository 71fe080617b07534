import { createManualClock } from '@chasqui/contracts';
import { expect, test } from 'vitest';
import { Slots } from './slots.ts';

test('no more hold a slot than there are; who waits longest is next; who waited too long gets none', async () => {
  const clock = createManualClock();
  const slots = new Slots(clock, 1);
  expect(await slots.take(100)).toBe(true);
  const order: string[] = [];
  const second = slots.take(1_000).then((got) => order.push(`second ${got}`));
  const third = slots.take(1_000).then((got) => order.push(`third ${got}`));
  const late = slots.take(100);
  await clock.advance(100);
  expect(await late).toBe(false);
  slots.give();
  await second;
  slots.give();
  await third;
  expect(order).toEqual(['second true', 'third true']);
  slots.give();
  expect(await slots.take(0)).toBe(true);
});
