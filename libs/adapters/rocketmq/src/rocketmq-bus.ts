import { type Clock, ImError, type Random } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { BusConsumer, BusPublication, ConsumeOptions, DeadLetter, MessageBus, ShardLag } from '@chasqui/ports';
import { encodeBody } from './body-codec.ts';
import type { RocketmqConfig } from './config.ts';
import { GroupConsumer } from './consumer/group-consumer.ts';
import type { Held } from './consumer/lane.ts';
import { DeadLetters } from './dead-letters.ts';
import { DelayedMessages } from './delayed-messages.ts';
import { deliveryOf, publishedAt, shardOf } from './delivery.ts';
import { lagOf, startAtOldestOffset } from './group-offsets.ts';
import type { Names } from './names.ts';
import type { BusProxy } from './proxy/bus-proxy.ts';
import { shardGroups } from './proxy/shard-groups.ts';
import { Publisher } from './publisher.ts';
import { Broker } from './remoting/broker.ts';
import type { Cluster } from './remoting/cluster.ts';

export interface RocketmqBusOptions {
  config: RocketmqConfig;
  names: Names;
  clock: Clock;
  random: Random;
  logger: Logger;
  proxy: BusProxy;
  cluster: Cluster;
  /** Unique among all processes. */
  clientId: string;
  /** By topic of the bus. */
  shards: ReadonlyMap<string, number>;
}

const DEFAULT_MAX_BATCH = 64;

/** A publish costs one to two milliseconds of CPU, mostly in the engine, whatever its size. */
const PUBLISH_PACE_MS = 15;

interface Topic {
  name: string;
  messageGroups: readonly string[];
  delayed: DelayedMessages;
}

/** The bus on RocketMQ: one topic per kind of message, whose queues are the shards. */
export class RocketmqBus implements MessageBus {
  readonly publishPaceMs = PUBLISH_PACE_MS;
  readonly #options: RocketmqBusOptions;
  readonly #publisher: Publisher;
  readonly #deadLetters: DeadLetters;
  readonly #topics = new Map<string, Topic>();
  readonly #consumers = new Set<BusConsumer>();
  /** By topic. */
  readonly #movers = new Map<string, BusConsumer>();
  #clients = 0;

  constructor(options: RocketmqBusOptions) {
    const { config, clock, random, proxy, cluster, clientId, names, shards } = options;
    const { publishDeadlineMs, maxWaitingBytes } = config;
    this.#options = options;
    this.#publisher = new Publisher({ proxy, clock, random, clientId, publishDeadlineMs, maxWaitingBytes });
    this.#deadLetters = new DeadLetters({ clock, publisher: this.#publisher, cluster });
    for (const [topic, count] of shards) {
      const name = names.topic(topic);
      const messageGroups = shardGroups(count);
      const places = { topic: name, waitingTopic: names.delayed(topic), messageGroups };
      this.#topics.set(topic, {
        name,
        messageGroups,
        delayed: new DelayedMessages({ clock, publisher: this.#publisher, ...places }),
      });
    }
  }

  async publish({ topic, shard, body, delayMs = 0 }: BusPublication): Promise<void> {
    const { name, messageGroups, delayed } = this.#topic(topic);
    const messageGroup = messageGroups[shard];
    if (messageGroup === undefined) throw new RangeError(`topic ${topic} has no shard ${shard}`);
    const encoded = await encodeBody(body);
    if (delayMs > 0) await delayed.publish(shard, encoded, delayMs);
    else await this.#publisher.publish({ topic: name, messageGroup, ...encoded });
  }

  consume({ topic, group, maxBatch = DEFAULT_MAX_BATCH, concurrency, handle }: ConsumeOptions): BusConsumer {
    const { names } = this.#options;
    const { name, messageGroups } = this.#topic(topic);
    const deadTopic = names.deadLetters(topic, group);
    const shard = (held: Held) => shardOf(held, messageGroups);
    this.#moveDelayed(topic);
    const consumer = this.#consumer({
      topic: name,
      group: names.group(topic, group),
      maxBatch,
      concurrency,
      handle: async (batch) => {
        await handle(await Promise.all(batch.map((held) => deliveryOf(topic, shard(held), held))));
      },
      bury: async (held, error) => {
        const about = { shard: shard(held), publishedAt: publishedAt(held), error };
        const { queueOffset: id } = held.received;
        const fields = { topic, group, shard: about.shard, id, err: error };
        this.#options.logger.error(fields, 'a message can never be handled');
        await this.#deadLetters.bury(deadTopic, held, about);
      },
    });
    this.#consumers.add(consumer);
    return {
      [Symbol.asyncDispose]: async () => {
        await consumer[Symbol.asyncDispose]();
        this.#consumers.delete(consumer);
      },
    };
  }

  deadLetters(topic: string, group: string, limit: number): Promise<DeadLetter[]> {
    const { names } = this.#options;
    const deadTopic = names.deadLetters(topic, group);
    return this.#deadLetters.list(deadTopic, names.group(topic, group), { topic, group }, limit);
  }

  lag(topic: string, group: string): Promise<ShardLag[]> {
    const { names, cluster, clock } = this.#options;
    return lagOf(cluster, clock, this.#topic(topic).name, names.group(topic, group));
  }

  shards(topic: string): number {
    return this.#topic(topic).messageGroups.length;
  }

  /** Asks the proxy for the route to a topic, and the topic's broker for its offsets. */
  async ping(): Promise<void> {
    const { proxy, config } = this.#options;
    const [first] = this.#topics.values();
    if (first === undefined) return;
    const { broker } = await this.#place(first.name);
    await Promise.all([
      proxy.queues(first.name, config.callDeadlineMs),
      broker.nextOffset({ topic: first.name, queueId: 0 }),
    ]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { proxy, cluster } = this.#options;
    const consumers = [...this.#consumers, ...this.#movers.values()];
    await Promise.all(consumers.map((consumer) => consumer[Symbol.asyncDispose]()));
    await this.#publisher.close();
    proxy[Symbol.dispose]();
    cluster[Symbol.dispose]();
  }

  /** A consumer of a topic also moves due messages into it. */
  #moveDelayed(topic: string): void {
    if (this.#movers.has(topic)) return;
    const { names, logger } = this.#options;
    const { delayed } = this.#topic(topic);
    const mover = this.#consumer({
      topic: names.delayed(topic),
      group: names.movers(topic),
      maxBatch: 1,
      concurrency: undefined,
      handle: (batch) => delayed.move(batch),
      bury: async (_, error) => logger.error({ topic, err: error }, 'a delayed message was dropped'),
    });
    this.#movers.set(topic, mover);
  }

  #consumer(spec: {
    topic: string;
    group: string;
    maxBatch: number;
    concurrency: number | undefined;
    handle(batch: readonly Held[]): Promise<void>;
    bury(held: Held, error: ImError): Promise<void>;
  }): GroupConsumer {
    const { proxy, clock, random, logger, config, clientId } = this.#options;
    const { topic, group, ...rest } = spec;
    const subscription = { clientId: `${clientId}-${++this.#clients}`, group, topic };
    const { callDeadlineMs } = config;
    const meetBroker = () => this.#meetBroker(topic, group);
    return new GroupConsumer({
      proxy,
      clock,
      random,
      logger,
      subscription,
      callDeadlineMs,
      meetBroker,
      ...rest,
    });
  }

  async #place(engineTopic: string): Promise<{ broker: Broker; queues: number }> {
    const { cluster } = this.#options;
    const place = await cluster.place(engineTopic);
    if (place === undefined) throw new ImError('bus_unavailable', `RocketMQ lacks topic ${engineTopic}`);
    return { broker: new Broker(cluster, place.broker), queues: place.queues };
  }

  async #meetBroker(engineTopic: string, engineGroup: string): Promise<number> {
    const { broker, queues } = await this.#place(engineTopic);
    await startAtOldestOffset(broker, engineTopic, engineGroup, queues);
    return broker.startedAt();
  }

  #topic(topic: string): Topic {
    const known = this.#topics.get(topic);
    if (known === undefined) throw new RangeError(`the bus has no topic ${topic}`);
    return known;
  }
}
