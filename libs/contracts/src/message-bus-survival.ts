import { CONVERSATION_TOPIC } from '@chasqui/domain';
import type { MessageBus } from '@chasqui/ports';
import { expect, vi } from 'vitest';
import { BusTraffic } from './message-bus-traffic.ts';

const until = (what: () => void | Promise<void>) => vi.waitFor(what, { timeout: 60_000, interval: 50 });

/**
 * Runs publishers and a consumer of the group `first` on every shard, then `disturb`, and goes on for a while. All acked
 * events must then be delivered (C1), in order, and what comes again must be marked.
 */
export async function survives(
  bus: MessageBus,
  shards: number,
  disturb: (traffic: BusTraffic) => Promise<void>,
): Promise<BusTraffic> {
  const traffic = new BusTraffic(bus, shards);
  bus.consume({ topic: CONVERSATION_TOPIC, group: 'first', handle: traffic.handle });
  await until(() => expect(traffic.seen.every((seen) => seen.length > 20)).toBe(true));
  await disturb(traffic);
  const before = traffic.ackedCount;
  await until(() => expect(traffic.ackedCount).toBeGreaterThan(before + 40));
  await traffic.stop();
  await until(() => expect(traffic.missing).toBe(0));
  await until(async () => expect(await bus.lag(CONVERSATION_TOPIC, 'first')).toEqual([]));
  for (let shard = 0; shard < shards; shard++) {
    const firsts = traffic.firstsOf(shard);
    expect(firsts).toEqual(firsts.toSorted((a, b) => a - b));
  }
  expect(traffic.unmarkedRepeats).toEqual([]);
  return traffic;
}
