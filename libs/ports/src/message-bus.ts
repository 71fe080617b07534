/** One bus message: the events of one publish, in order. */
export interface BusPublication {
  topic: string;
  /** 0 ≤ shard < the topic's shard count. */
  shard: number;
  /** JSON text, one array of events; at most `maxBatchBytes`. */
  body: string;
  /**
   * Delivered no earlier than this many ms from now. Delayed messages are not ordered relative to others. Default 0.
   */
  delayMs?: number;
}

export interface BusDelivery {
  /** Unique within its topic and shard. */
  id: string;
  topic: string;
  shard: number;
  body: string;
  /**
   * True if this bus message may have been delivered before (after a failure, crash or restart): the consumer must
   * assume that parts of it may have been handled. False guarantees a first delivery.
   */
  redelivered: boolean;
  /** Unix ms of the publish. */
  publishedAt: number;
}

export interface ConsumeOptions {
  topic: string;
  /** Each group gets every message at least once; the members of a group share its shards. */
  group: string;
  /** Maximum number of bus messages per call. Default 64. */
  maxBatch?: number;
  /** Maximum number of shards handled in parallel by this member. Default: all. */
  concurrency?: number;
  /**
   * Handles bus messages of ONE shard, in publish order. Resolves: all are done. Rejects with an `ImError` whose retry
   * is `never`: a single message goes to the dead letters; several are redelivered one by one. Rejects with any other
   * error: redelivered after a growing back-off (100 ms to 10 s), without limit. The shard waits meanwhile; other
   * shards do not.
   */
  handle(batch: readonly BusDelivery[]): Promise<void>;
}

/**
 * Stops taking new work, waits for running handlers, and returns unfinished messages to the bus. Safe to call twice.
 */
export type BusConsumer = AsyncDisposable;

export interface DeadLetter extends BusDelivery {
  group: string;
  /** The reason why it can never be handled. */
  error: string;
  /** Unix ms. */
  at: number;
}

export interface ShardLag {
  shard: number;
  /** Bus messages published and not yet handled by the group. */
  waiting: number;
  /** Age in ms of the oldest of them; 0 if there is none. */
  oldestMs: number;
}

/**
 * The durable, ordered, at-least-once log between the apps.
 *
 * - `publish` resolves only when the message survives kill -9 of every process and loss of power (C1). Rejects with
 *   `bus_unavailable` (it is unknown whether the message was stored) or, at the store's bound, `overloaded`.
 * - Two publishes to one topic and shard, the second made after the first resolved, are delivered in that order to each
 *   group, also across redeliveries.
 * - At most one member of a group handles a shard at a time, except that a member that was silent for 10 s (frozen)
 *   loses the shard and may still finish its work, so handlers are idempotent.
 * - A group that is new to a topic starts at the oldest message kept. Messages that every known group has handled are
 *   dropped after the retention; messages without any group after 7 days. Dead letters are kept 30 days.
 */
export interface MessageBus extends AsyncDisposable {
  publish(publication: BusPublication): Promise<void>;
  consume(options: ConsumeOptions): BusConsumer;
  /** Newest first, at most `limit`. */
  deadLetters(topic: string, group: string, limit: number): Promise<DeadLetter[]>;
  /** The group's backlog, without shards that have none. */
  lag(topic: string, group: string): Promise<ShardLag[]>;
  /** Number of shards of a topic; fixed when the bus is created. */
  shards(topic: string): number;
  /**
   * Recommended ms between two publishes to a topic's shard, so that more events share one bus message; a single event
   * need not wait. Absent: 0.
   */
  readonly publishPaceMs?: number;
  /** Resolves if a publish would succeed now. Errors: `bus_unavailable`. */
  ping(): Promise<void>;
}
