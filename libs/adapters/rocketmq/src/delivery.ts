import type { BusDelivery } from '@chasqui/ports';
import { decodeBody } from './body-codec.ts';
import type { Held } from './consumer/lane.ts';
import { firstPublishedAt } from './delayed-messages.ts';
import { MAY_BE_A_COPY } from './publisher.ts';

/** Unix ms; for a delayed message, when it was first published. */
export function publishedAt({ received }: Held): number {
  return firstPublishedAt(received.properties) ?? received.bornAt;
}

/** Errors: `content_invalid` if its body cannot be read. */
export async function deliveryOf(topic: string, shard: number, held: Held): Promise<BusDelivery> {
  const { received, redelivered } = held;
  return {
    id: String(received.queueOffset),
    topic,
    shard,
    body: await decodeBody(received),
    redelivered: redelivered || received.properties[MAY_BE_A_COPY] !== undefined,
    publishedAt: publishedAt(held),
  };
}

/** A message without a group gets the number of its queue, which is its shard if each shard has its own queue. */
export function shardOf({ received }: Held, messageGroups: readonly string[]): number {
  return received.messageGroup === undefined ? received.queueId : messageGroups.indexOf(received.messageGroup);
}
