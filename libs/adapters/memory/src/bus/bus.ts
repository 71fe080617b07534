import { type Clock, ImError, type Random } from '@chasqui/domain';
import type { BusConsumer, BusPublication, ConsumeOptions, DeadLetter, MessageBus, ShardLag } from '@chasqui/ports';
import { BusGroup, type Member } from './consumer-group.ts';
import { ShardLog } from './shard-log.ts';

const DAY_MS = 24 * 3600 * 1000;

export interface MemoryBusOptions {
  clock: Clock;
  random: Random;
  /** Shards of every topic. */
  shards: number;
  /** How long messages are kept that every group has done, ms. Default 0. */
  retentionMs?: number;
  /** Maximum bytes of all kept bodies; further publishes are refused as `overloaded`. Default 256 MiB. */
  maxBytes?: number;
  /** Maximum dead letters per topic; the oldest are evicted first. Default 10 000. */
  maxDeadLetters?: number;
}

/** One process's use of the bus. */
export interface BusConnection extends MessageBus {
  /**
   * Acts as kill -9 of that process: its consumers fall silent (their shards are released after 10 s), the results of
   * its running handlers are ignored, and its calls never answer.
   */
  kill(): void;
}

/**
 * The bus, which outlives the processes that use it. It is also a connection; disposing it ends only its own consumers.
 */
export interface MemoryBus extends MessageBus {
  connect(): BusConnection;
}

interface Topic {
  logs: ShardLog[];
  groups: Map<string, BusGroup>;
  deadLetters: DeadLetter[];
}

const SILENCE_MS = 10_000;
const UNCLAIMED_RETENTION_MS = 7 * DAY_MS;
const DEAD_LETTER_RETENTION_MS = 30 * DAY_MS;

class Broker {
  readonly options: Required<MemoryBusOptions>;
  readonly #topics = new Map<string, Topic>();

  constructor(options: MemoryBusOptions) {
    this.options = { retentionMs: 0, maxBytes: 256 * 1024 * 1024, maxDeadLetters: 10_000, ...options };
  }

  publish({ topic: name, shard, body, delayMs = 0 }: BusPublication): void {
    const { clock, maxBytes } = this.options;
    const topic = this.topic(name);
    const log = topic.logs[shard];
    if (log === undefined) throw new RangeError(`topic ${name} has no shard ${shard}`);
    this.trim(topic, shard);
    if (this.#bytes() + body.length * 2 > maxBytes)
      throw new ImError('overloaded', `the bus is full (${maxBytes} bytes)`);
    const wake = (): void => {
      for (const group of topic.groups.values()) group.wake(shard);
    };
    if (delayMs > 0) {
      const due = log.delay(body, clock.now());
      clock.after(delayMs, () => {
        due();
        wake();
      });
    } else {
      log.append(body, clock.now());
      wake();
    }
  }

  topic(name: string): Topic {
    let topic = this.#topics.get(name);
    if (topic === undefined) {
      const logs = Array.from({ length: this.options.shards }, () => new ShardLog());
      topic = { logs, groups: new Map(), deadLetters: [] };
      this.#topics.set(name, topic);
    }
    return topic;
  }

  group(topicName: string, name: string): BusGroup {
    const topic = this.topic(topicName);
    let group = topic.groups.get(name);
    if (group === undefined) {
      const { clock, random, maxDeadLetters } = this.options;
      group = new BusGroup({
        topic: topicName,
        name,
        logs: topic.logs,
        clock,
        random,
        silenceMs: SILENCE_MS,
        moved: (shard) => this.trim(topic, shard),
        buried: (letter) => {
          topic.deadLetters.push(letter);
          if (topic.deadLetters.length > maxDeadLetters) topic.deadLetters.shift();
        },
      });
      topic.groups.set(name, group);
    }
    return group;
  }

  trim(topic: Topic, shard: number): void {
    const log = topic.logs[shard];
    const now = this.options.clock.now();
    if (topic.groups.size === 0) {
      log?.drop(log.head, now - UNCLAIMED_RETENTION_MS);
    } else {
      const done = [...topic.groups.values()].map((group) => group.done(shard));
      log?.drop(Math.min(...done), now - this.options.retentionMs);
    }
  }

  deadLetters(name: string, group: string, limit: number): DeadLetter[] {
    const topic = this.topic(name);
    const since = this.options.clock.now() - DEAD_LETTER_RETENTION_MS;
    topic.deadLetters = topic.deadLetters.filter((letter) => letter.at >= since);
    return topic.deadLetters
      .filter((letter) => letter.group === group)
      .reverse()
      .slice(0, limit);
  }

  lag(name: string, groupName: string): ShardLag[] {
    const { logs, groups } = this.topic(name);
    const group = groups.get(groupName);
    return logs.flatMap((log, shard) => {
      const { count, oldestAt } = log.waiting(group?.done(shard) ?? log.oldest);
      return count === 0 ? [] : [{ shard, waiting: count, oldestMs: this.options.clock.now() - oldestAt }];
    });
  }

  #bytes(): number {
    let bytes = 0;
    for (const { logs } of this.#topics.values()) for (const log of logs) bytes += log.bytes;
    return bytes;
  }
}

function connectionTo(broker: Broker): BusConnection {
  const consumers = new Map<Member, { group: BusGroup; consumer: BusConsumer }>();
  let killed = false;
  const answer = async <T>(work: () => T): Promise<T> => (killed ? new Promise<T>(() => {}) : work());
  return {
    publish: (publication) => answer(() => broker.publish(publication)),
    consume(options: ConsumeOptions) {
      if (killed) return { [Symbol.asyncDispose]: () => answer(() => {}) };
      const group = broker.group(options.topic, options.group);
      const member = group.join(options);
      let leaving: Promise<void> | undefined;
      const consumer: BusConsumer = {
        async [Symbol.asyncDispose]() {
          leaving ??= group.leave(member);
          await leaving;
          consumers.delete(member);
        },
      };
      consumers.set(member, { group, consumer });
      return consumer;
    },
    deadLetters: (topic, group, limit) => answer(() => broker.deadLetters(topic, group, limit)),
    lag: (topic, group) => answer(() => broker.lag(topic, group)),
    shards: () => broker.options.shards,
    ping: () => answer(() => {}),
    kill() {
      killed = true;
      for (const [member, { group }] of consumers) group.silence(member);
      consumers.clear();
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...consumers.values()].map(({ consumer }) => consumer[Symbol.asyncDispose]()));
    },
  };
}

/**
 * A message bus in memory, for tests and simulations. It keeps every promise of the port except surviving its process.
 */
export function createMemoryBus(options: MemoryBusOptions): MemoryBus {
  const broker = new Broker(options);
  return { ...connectionTo(broker), connect: () => connectionTo(broker) };
}
