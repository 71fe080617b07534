import type { Clock, ImError } from '@chasqui/domain';
import type { BusDelivery, DeadLetter } from '@chasqui/ports';
import type { Channel, ConsumeMessage } from 'amqplib';
import type { Link } from './broker/link.ts';
import { onChannel } from './broker/on-channel.ts';
import { PUBLISHED_AT, publishedAt } from './delivery.ts';
import type { Names } from './names.ts';
import type { Publisher } from './publisher/publisher.ts';
import { DEAD_LETTERS_KEPT_MS } from './topology.ts';

/** Headers of a dead letter, which has the body of the failed message. */
const ID = 'id';
const SHARD = 'shard';
const ERROR = 'error';
const BURIED_AT = 'buried';
const MAX_ERROR_CHARACTERS = 500;
/** A message's place in its stream, as the broker says. */
const OFFSET = 'x-stream-offset';

export interface DeadLettersOptions {
  link: Link;
  publisher: Publisher;
  names: Names;
  clock: Clock;
  callDeadlineMs: number;
}

/** Messages that a group can never handle, in a stream, which can be read and read again. */
export class DeadLetters {
  readonly #options: DeadLettersOptions;

  constructor(options: DeadLettersOptions) {
    this.#options = options;
  }

  /** The same message may be buried twice, and is shown once. */
  async bury(group: string, delivery: BusDelivery, error: ImError): Promise<void> {
    const { names, publisher, clock } = this.#options;
    const { topic, shard, id, body } = delivery;
    await publisher.publish({
      exchange: names.dead,
      routingKey: names.deadKey(topic, group),
      body: Buffer.from(body),
      headers: {
        [ID]: id,
        [SHARD]: shard,
        [PUBLISHED_AT]: delivery.publishedAt,
        [ERROR]: `${error.code}: ${error.message}`.slice(0, MAX_ERROR_CHARACTERS).toWellFormed(),
        [BURIED_AT]: clock.now(),
      },
    });
  }

  /** Newest first. */
  async list(topic: string, group: string, limit: number): Promise<DeadLetter[]> {
    const { link, names, clock, callDeadlineMs } = this.#options;
    const model = await link.connected(callDeadlineMs);
    const queue = names.deadLetters(topic, group);
    const last = await onChannel(model, 'reading dead letters', (channel) => read(channel, queue, 'last', limit));
    const end = Number(last.at(-1)?.properties.headers?.[OFFSET] ?? -1) + 1;
    const letters = new Map<string, DeadLetter>();
    for (let until = end; until > 0 && letters.size < limit; until -= limit) {
      const from = Math.max(until - limit, 0);
      const page = await onChannel(model, 'reading dead letters', (channel) =>
        read(channel, queue, from, until - from),
      );
      if (page.length === 0) break;
      for (const message of page.reverse()) {
        const letter = letterOf(topic, group, message);
        if (letter.at < clock.now() - DEAD_LETTERS_KEPT_MS) return [...letters.values()];
        const key = `${letter.shard} ${letter.id}`;
        if (!letters.has(key) && letters.size < limit) letters.set(key, letter);
      }
    }
    return [...letters.values()];
  }
}

/**
 * Up to `count` messages of a stream, from an offset or its last chunk on. The broker sends what there is, as far as the
 * prefetch allows, before it answers the next call on the channel.
 */
async function read(
  channel: Channel,
  queue: string,
  offset: number | 'last',
  count: number,
): Promise<ConsumeMessage[]> {
  const found: ConsumeMessage[] = [];
  await channel.prefetch(offset === 'last' ? MOST_OF_A_CHUNK : Math.min(count, MOST_OF_A_CHUNK));
  await channel.consume(queue, (message) => void (message !== null && found.push(message)), {
    arguments: { 'x-stream-offset': offset },
  });
  await channel.checkQueue(queue);
  return offset === 'last' ? found : found.slice(0, count);
}

/** Above the number of messages that the broker puts into one chunk of a stream; also the most that a prefetch can say. */
const MOST_OF_A_CHUNK = 65_535;

function letterOf(topic: string, group: string, message: ConsumeMessage): DeadLetter {
  const { properties, content } = message;
  const headers = properties.headers ?? {};
  // Without our headers it is one that the broker itself gave up.
  const [death] = headers['x-death'] ?? [];
  return {
    topic,
    group,
    id: String(headers[ID] ?? properties.messageId),
    shard: Number(headers[SHARD] ?? death?.queue.split('.').at(-1)),
    body: content.toString(),
    redelivered: true,
    publishedAt: publishedAt(message),
    error: String(headers[ERROR] ?? `RabbitMQ gave the message up: ${death?.reason}`),
    at: Number(headers[BURIED_AT] ?? (death?.time['!'] === 'timestamp' ? death.time.value * 1_000 : 0)),
  };
}
