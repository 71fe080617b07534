/** One bus message: the events of one publish, in their order. */
export interface BusPublication {
  topic: string;
  /** 0 ≤ shard < the topic's shard count. */
  shard: number;
  /** JSON text, one array of events; at most `maxBatchBytes`. */
  body: string;
  /** Delivered no earlier than this many ms from now. Delayed ones keep no order with others. Default 0. */
  delayMs?: number;
}

export interface BusDelivery {
  /** Unique within its topic and shard. */
  id: string;
  topic: string;
  shard: number;
  body: string;
  /**
   * True if this bus message may have been handed out before (after a failure, a crash, a restart): the consumer must
   * then not trust that nothing of it was done. False promises a first delivery.
   */
  redelivered: boolean;
  /** Unix ms of the publish. */
  publishedAt: number;
}

export interface ConsumeOptions {
  topic: string;
  /** Each group sees every message once or more; the members of a group share its shards. */
  group: string;
  /** At most this many bus messages a call. Default 64. */
  maxBatch?: number;
  /** Shards handled at once by this member. Default: all. */
  concurrency?: number;
  /**
   * Bus messages of ONE shard, in publish order. Resolves: all are done. Rejects with an `ImError` whose retry is
   * `never`: if it was one message, it goes to the dead letters; if several, they are redelivered singly. Rejects with
   * anything else: redelivered after a growing back-off (100 ms to 10 s), for ever. The shard waits meanwhile; other
   * shards do not.
   */
  handle(batch: readonly BusDelivery[]): Promise<void>;
}

/** Stops taking new work, waits for running handlers, hands back what is not done. Safe to call twice. */
export type BusConsumer = AsyncDisposable;

export interface DeadLetter extends BusDelivery {
  group: string;
  /** Why it can never succeed. */
  error: string;
  /** Unix ms. */
  at: number;
}

export interface ShardLag {
  shard: number;
  /** Bus messages published and not yet done by the group. */
  waiting: number;
  /** Age in ms of the oldest of them; 0 when there is none. */
  oldestMs: number;
}

/**
 * The durable, ordered, at-least-once log between the apps.
 *
 * - `publish` resolves only when the message survives kill -9 of every process and loss of power (C1). Rejects with
 *   `bus_unavailable` (nothing is known to have been stored; it may have been) or, at the store's bound, `overloaded`.
 * - Two publishes to one topic and shard, the second made after the first resolved, are delivered in that order to
 *   each group, also across redeliveries.
 * - At most one member of a group handles a shard at a time, except that a member that was silent for 10 s (frozen)
 *   loses the shard and may still finish its work: handlers are idempotent.
 * - A group that is new to a topic starts at the oldest message kept. Messages that every known group has done are
 *   dropped after the retention; messages without any group after 7 days. Dead letters are kept 30 days.
 */
export interface MessageBus extends AsyncDisposable {
  publish(publication: BusPublication): Promise<void>;
  consume(options: ConsumeOptions): BusConsumer;
  /** Newest first, at most `limit`. */
  deadLetters(topic: string, group: string, limit: number): Promise<DeadLetter[]>;
  /** What a group has still to do, shards with nothing waiting left out. */
  lag(topic: string, group: string): Promise<ShardLag[]>;
  /** How many shards a topic has; fixed when the bus is created. */
  shards(topic: string): number;
  /**
   * Ms from one publish to a topic's shard to the next that a publisher had better leave, so that more goes in one: what
   * is alone does not wait. Absent: 0.
   */
  readonly publishPaceMs?: number;
  /** Resolves when a publish could succeed now. Errors: `bus_unavailable`. */
  ping(): Promise<void>;
}
