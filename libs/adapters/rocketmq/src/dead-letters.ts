import { type Clock, defined, type ImError } from '@chasqui/domain';
import type { DeadLetter } from '@chasqui/ports';
import { decodeBody } from './body-codec.ts';
import type { Held } from './consumer/lane.ts';
import type { Publisher } from './publisher.ts';
import { Broker } from './remoting/broker.ts';
import type { Cluster } from './remoting/cluster.ts';
import type { StoredMessage } from './remoting/stored-message.ts';

/** Properties of a dead letter, which has the body of the failed message. */
const ID = 'id';
const SHARD = 'shard';
const PUBLISHED_AT = 'published';
const ERROR = 'error';
const MAX_ERROR_CHARACTERS = 500;
const KEPT_MS = 30 * 24 * 3600 * 1000;

export interface GroupName {
  topic: string;
  group: string;
}

/**
 * Messages that a group can never handle, in a topic without consumers: RocketMQ's own dead letters have neither reason
 * nor time. Kept as long as any message (`fileReservedTime`); 30 days of them are shown.
 */
export class DeadLetters {
  readonly #options: { clock: Clock; publisher: Publisher; cluster: Cluster };

  constructor(options: { clock: Clock; publisher: Publisher; cluster: Cluster }) {
    this.#options = options;
  }

  /** The same message may be buried twice, and is shown once. */
  async bury(
    deadTopic: string,
    { received }: Held,
    about: { shard: number; publishedAt: number; error: ImError },
  ): Promise<void> {
    const { shard, publishedAt, error } = about;
    const text = `${error.code}: ${error.message}`.slice(0, MAX_ERROR_CHARACTERS);
    await this.#options.publisher.publish({
      topic: deadTopic,
      body: received.body,
      properties: {
        ...defined({ encoding: received.properties.encoding }),
        [ID]: String(received.queueOffset),
        [SHARD]: String(shard),
        [PUBLISHED_AT]: String(publishedAt),
        // Properties cannot contain control characters.
        [ERROR]: encodeURIComponent(text.toWellFormed()),
      },
    });
  }

  /** Newest first. `engineGroup`: any group of the engine, used to read the topic. */
  async list(deadTopic: string, engineGroup: string, name: GroupName, limit: number): Promise<DeadLetter[]> {
    const { cluster, clock } = this.#options;
    const place = await cluster.place(deadTopic);
    if (place === undefined) return [];
    const broker = new Broker(cluster, place.broker);
    const queue = { topic: deadTopic, queueId: 0 };
    const end = await broker.nextOffset(queue);
    const first = await broker.firstOffset(queue);
    const letters = new Map<string, DeadLetter>();
    for (let until = end; until > first && letters.size < limit; ) {
      const from = Math.max(first, until - limit);
      const page = await browseAll(broker, engineGroup, queue, from, until);
      for (const stored of page.reverse()) {
        if (stored.bornAt < clock.now() - KEPT_MS) return [...letters.values()];
        const letter = await letterOf(stored, name);
        const key = `${letter.shard} ${letter.id}`;
        if (!letters.has(key) && letters.size < limit) letters.set(key, letter);
      }
      until = from;
    }
    return [...letters.values()];
  }
}

async function browseAll(
  broker: Broker,
  group: string,
  queue: { topic: string; queueId: number },
  from: number,
  until: number,
) {
  const found: StoredMessage[] = [];
  for (let next = from; next < until; ) {
    const page = await broker.browse(group, queue, next, until - next);
    const last = page.at(-1);
    if (last === undefined) break;
    found.push(...page.filter(({ queueOffset }) => queueOffset < until));
    next = last.queueOffset + 1;
  }
  return found;
}

async function letterOf({ properties, body, bornAt }: StoredMessage, name: GroupName): Promise<DeadLetter> {
  return {
    ...name,
    id: properties[ID] ?? '',
    shard: Number(properties[SHARD]),
    body: await decodeBody({ body, properties }),
    redelivered: true,
    publishedAt: Number(properties[PUBLISHED_AT]),
    error: decodeURIComponent(properties[ERROR] ?? ''),
    at: bornAt,
  };
}
