import type { BusStream } from './config.ts';
import { DELAY_LEVELS, DELAY_UNIT_MS, duePattern, levelPattern } from './delay-route.ts';
import type { Names } from './names.ts';

export interface ExchangePlan {
  name: string;
  type: 'direct' | 'topic';
}

export interface QueuePlan {
  name: string;
  arguments: Readonly<Record<string, unknown>>;
  /** Exchange and routing key, or pattern. */
  bindings: readonly { exchange: string; key: string }[];
}

/** What makes queues differ from one cluster to another. */
export interface QueueOptions {
  quorumSize: number;
  /** RabbitMQ 4 drops a message after 20 deliveries unless a queue was made without that limit, which 3 does not know. */
  hasDeliveryLimit: boolean;
}

export function exchangesOf(names: Names, streams: readonly BusStream[]): ExchangePlan[] {
  const direct = [...streams.map(({ topic }) => names.topic(topic)), names.dead, names.asks, names.answers];
  const topic = [names.due, ...LEVELS.map((level) => names.delay(level))];
  return [
    ...direct.map((name) => ({ name, type: 'direct' as const })),
    ...topic.map((name) => ({ name, type: 'topic' as const })),
  ];
}

const LEVELS = Array.from({ length: DELAY_LEVELS }, (_, level) => level);

/**
 * A message that waits at a level goes to the next lower one when its time there is over; the broker keeps it until that
 * queue has it (`at-least-once`, which requires that a full queue refuses).
 */
export function delayQueues(names: Names, { quorumSize }: QueueOptions): QueuePlan[] {
  return LEVELS.map((level) => ({
    name: names.delay(level),
    arguments: {
      ...quorum(quorumSize),
      'x-message-ttl': DELAY_UNIT_MS * 2 ** level,
      'x-dead-letter-exchange': lower(names, level),
      'x-dead-letter-strategy': 'at-least-once',
      'x-overflow': 'reject-publish',
    },
    bindings: [{ exchange: names.delay(level), key: levelPattern(level, 1) }],
  }));
}

/** Messages that do not wait at a level pass it: from its exchange to the next lower one's. */
export function delayPasses(names: Names): { from: string; to: string; key: string }[] {
  return LEVELS.map((level) => ({ from: names.delay(level), to: lower(names, level), key: levelPattern(level, 0) }));
}

const lower = (names: Names, level: number): string => (level === 0 ? names.due : names.delay(level - 1));

/** The queue of a group's shard. What the broker itself gives up is a dead letter too. */
export function shardQueue(names: Names, topic: string, group: string, shard: number, traits: QueueOptions): QueuePlan {
  return {
    name: names.shard(topic, group, shard),
    arguments: {
      ...quorum(traits.quorumSize),
      'x-single-active-consumer': true,
      'x-dead-letter-exchange': names.dead,
      'x-dead-letter-routing-key': names.deadKey(topic, group),
      ...(traits.hasDeliveryLimit ? { 'x-delivery-limit': -1 } : {}),
    },
    bindings: [
      { exchange: names.topic(topic), key: String(shard) },
      { exchange: names.due, key: duePattern(topic, shard) },
    ],
  };
}

/** Dead letters are kept this long. */
export const DEAD_LETTERS_KEPT_MS = 30 * 24 * 3_600_000;

/** A group's other queues: of its members, and of its dead letters, with a copy on every broker. */
export function groupQueues(names: Names, topic: string, group: string, { quorumSize }: QueueOptions): QueuePlan[] {
  return [
    { name: names.members(topic, group), arguments: quorum(quorumSize), bindings: [] },
    {
      name: names.deadLetters(topic, group),
      arguments: {
        'x-queue-type': 'stream',
        'x-max-age': `${DEAD_LETTERS_KEPT_MS / 1_000}s`,
        // Only whole segments are deleted.
        'x-stream-max-segment-size-bytes': 16 * 1024 * 1024,
      },
      bindings: [{ exchange: names.dead, key: names.deadKey(topic, group) }],
    },
  ];
}

export const isQuorum = (queue: QueuePlan): boolean => queue.arguments['x-queue-type'] === 'quorum';

function quorum(size: number) {
  return { 'x-queue-type': 'quorum', 'x-quorum-initial-group-size': size, 'x-queue-leader-locator': 'balanced' };
}
