import { joinEvents } from '@chasqui/core';
import { type AddressCheck, DEFAULT_LIMITS, type GroupPlan, type PushTask, shardOf } from '@chasqui/domain';
import type { MessageBus } from '@chasqui/ports';

/** Tasks whose delays differ by less than this are put back together, in ms. */
const STEP_MS = 1_000;

/** Publishes tasks again, each with at least its delay. Errors: `bus_unavailable`, `overloaded`. */
export async function putBack(
  bus: Pick<MessageBus, 'publish' | 'shards'>,
  topic: string,
  later: readonly { task: PushTask | AddressCheck | GroupPlan; delayMs: number }[],
): Promise<void> {
  const batches = new Map<string, { shard: number; delayMs: number; events: string[] }[]>();
  for (const { task, delayMs } of later) {
    const shard = shardOf('to' in task ? task.to : task.conversationId, bus.shards(topic));
    const delay = Math.ceil(delayMs / STEP_MS) * STEP_MS;
    const key = `${shard} ${delay}`;
    const list = batches.get(key) ?? [];
    batches.set(key, list);
    const last = list.at(-1);
    if (last !== undefined && last.events.length < DEFAULT_LIMITS.maxBatchEvents)
      last.events.push(JSON.stringify(task));
    else list.push({ shard, delayMs: delay, events: [JSON.stringify(task)] });
  }
  await Promise.all(
    [...batches.values()]
      .flat()
      .map(({ shard, delayMs, events }) => bus.publish({ topic, shard, delayMs, body: joinEvents(events) })),
  );
}
