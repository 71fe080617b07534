import { type Clock, ImError } from '@chasqui/domain';
import { sleep } from '@chasqui/kit';
import type { Held } from './consumer/lane.ts';
import type { Outgoing } from './proxy/exchange.ts';
import { MAY_BE_A_COPY, type Publisher } from './publisher.ts';

/** Properties of a message whose delivery is delayed. */
const SHARD = 'shard';
const DUE_AT = 'due';
const PUBLISHED_AT = 'published';

type Message = Pick<Outgoing, 'body' | 'properties'>;

export interface DelayedOptions {
  clock: Clock;
  publisher: Publisher;
  /** The topic that messages are published into when they are due. */
  topic: string;
  /** The topic in which they wait. */
  waitingTopic: string;
  /** Indexed by shard. */
  messageGroups: readonly string[];
}

/**
 * Delayed messages wait in a separate topic. When they are due, their receiver publishes them into the target topic: so
 * the one member that has their shard gets them like any other message.
 */
export class DelayedMessages {
  readonly #options: DelayedOptions;

  constructor(options: DelayedOptions) {
    this.#options = options;
  }

  async publish(shard: number, message: Message, delayMs: number): Promise<void> {
    const now = this.#options.clock.now();
    const own = { [SHARD]: String(shard), [DUE_AT]: String(now + delayMs), [PUBLISHED_AT]: String(now) };
    await this.#wait({ body: message.body, properties: { ...message.properties, ...own } }, now + delayMs);
  }

  /**
   * Handles messages of the waiting topic. The engine delivers them up to a second early, as its timer counts in
   * seconds.
   */
  async move([held]: readonly Held[]): Promise<void> {
    if (held === undefined) return;
    const { clock, publisher, topic, messageGroups } = this.#options;
    const { body } = held.received;
    const copy = held.redelivered ? { [MAY_BE_A_COPY]: '1' } : {};
    const properties: Record<string, string> = { ...ownOf(held.received.properties), ...copy };
    const messageGroup = messageGroups[Number(properties[SHARD])];
    const dueAt = Number(properties[DUE_AT]);
    if (messageGroup === undefined || Number.isNaN(dueAt)) throw notOurs();
    const dueInMs = dueAt - clock.now();
    if (dueInMs > STILL_LONG_MS) return this.#wait({ body, properties }, dueAt);
    if (dueInMs > 0) await sleep(clock, Math.min(dueInMs, MAX_EARLY_MS));
    await publisher.publish({ topic, body, messageGroup, properties });
  }

  #wait(message: Message, dueAt: number): Promise<void> {
    const { clock, publisher, waitingTopic } = this.#options;
    const deliverAt = Math.min(dueAt, clock.now() + LONGEST_WAIT_MS);
    return publisher.publish({ ...message, topic: waitingTopic, deliverAt });
  }
}

/** Proxies accept no delay above a day: later messages wait again. */
const LONGEST_WAIT_MS = 23 * 3600 * 1000;
const STILL_LONG_MS = 60_000;
/** Bounds the wait if this clock differs from the publisher's, so that later messages are not held up. */
const MAX_EARLY_MS = 2_000;

/** When the message was first published, Unix ms; undefined if it was not delayed. */
export function firstPublishedAt(properties: Readonly<Record<string, string>>): number | undefined {
  const at = properties[PUBLISHED_AT];
  return at === undefined ? undefined : Number(at);
}

/** Removes the properties that RocketMQ adds or reserves. */
function ownOf(properties: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => /^[a-z]+$/.test(name)));
}

function notOurs(): ImError {
  return new ImError('content_invalid', 'the delayed message has no due time or no topic');
}
