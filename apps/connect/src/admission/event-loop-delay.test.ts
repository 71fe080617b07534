import { expect, test } from 'vitest';
import { lateClock } from '../testing/late-clock.ts';
import { EventLoopDelay } from './event-loop-delay.ts';

test('tells by how much two turns in a row were late, the one that is overdue included', () => {
  const { clock, pass, fire } = lateClock();
  const delay = new EventLoopDelay(clock);
  const late = (ms: number) => {
    delay.seen();
    pass(20 + ms);
    delay.seen();
    fire();
  };
  late(130);
  expect(delay.ms).toBe(0);
  pass(20 + 90);
  expect(delay.ms).toBe(90);
  delay.seen();
  fire();
  expect(delay.ms).toBe(90);
  late(0);
  expect(delay.ms).toBe(0);
});

test('rests when there is nothing to do', () => {
  const { clock, timers, pass, fire } = lateClock();
  const delay = new EventLoopDelay(clock);
  expect(timers).toHaveLength(0);
  delay.seen();
  pass(500);
  fire();
  expect([timers.length, delay.ms]).toEqual([0, 0]);
  delay.seen();
  expect(timers).toHaveLength(1);
});
