import type { BusDelivery } from '@chasqui/ports';
import type { ConsumeMessage } from 'amqplib';

/** Headers of a message. */
export const PUBLISHED_AT = 'at';
/** It waited for its time: a broker that died while moving it may have moved it twice. */
export const DELAYED = 'delayed';

/** `wasHanded`: a handler of this process had it before. */
export function deliveryOf(topic: string, shard: number, message: ConsumeMessage, wasHanded: boolean): BusDelivery {
  const { properties, content, fields } = message;
  return {
    id: String(properties.messageId),
    topic,
    shard,
    body: content.toString(),
    redelivered: fields.redelivered || wasHanded || properties.headers?.[DELAYED] !== undefined,
    publishedAt: publishedAt(message),
  };
}

/** Unix ms of the first publish. */
export function publishedAt({ properties }: Pick<ConsumeMessage, 'properties'>): number {
  return Number(properties.headers?.[PUBLISHED_AT] ?? 0);
}
