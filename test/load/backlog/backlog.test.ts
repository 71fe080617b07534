import { expect, test } from 'vitest';
import { syncBacklog } from './sync-backlog.ts';

test('C3, C6, C10, C16: what waits is shown once and in order, through processes that could not hold it', async () => {
  // Texts of 48 MB in all: with the program itself, far more than the device's heap limit.
  const size = { messages: 6_000, senders: 50, characters: 8_000 };
  const { reading } = await syncBacklog({ ...size, heapLimitMb: { client: 50, server: 110 } });
  expect(reading).toMatchObject({ shown: size.messages, wrong: 0 });
  // Live memory levels off: it does not grow after the first half.
  const [half = 0, end = 0] = [reading.heapMb[4], reading.heapMb.at(-1)];
  expect(end - half).toBeLessThan(5);
}, 240_000);
