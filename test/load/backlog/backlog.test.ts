import { expect, test } from 'vitest';
import { syncBacklog } from './sync-backlog.ts';

test('C3, C6, C10, C16: what waits is shown once and in order, through processes that could not hold it', async () => {
  // 60,000 texts of 2,000 characters: twice the device's heap, and more than what a thread of the server has to spare.
  const size = { messages: 60_000, senders: 50, characters: 2_000 };
  const { reading } = await syncBacklog({ ...size, heapLimitMb: { client: 60, server: 110 } });
  expect(reading).toMatchObject({ shown: size.messages, wrong: 0 });
  // What is alive levels off: after the first half no more comes to it.
  const [half = 0, end = 0] = [reading.heapMb[4], reading.heapMb.at(-1)];
  expect(end - half).toBeLessThan(5);
}, 120_000);
