import { type Clock, defined, type ImError, type Random } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type {
  BusConsumer,
  BusDelivery,
  BusPublication,
  ConsumeOptions,
  DeadLetter,
  MessageBus,
  ShardLag,
} from '@chasqui/ports';
import { Link } from './broker/link.ts';
import type { RabbitmqConfig } from './config.ts';
import { GroupMember } from './consumer/group-member.ts';
import { PACE_MS } from './consumer/lane.ts';
import { DeadLetters } from './dead-letters.ts';
import { delayRoute } from './delay-route.ts';
import { DELAYED, PUBLISHED_AT } from './delivery.ts';
import { HeldReports } from './held-reports.ts';
import { lagOf } from './lag.ts';
import type { Names } from './names.ts';
import { Publisher } from './publisher/publisher.ts';

export interface RabbitmqBusOptions {
  config: RabbitmqConfig;
  names: Names;
  clock: Clock;
  random: Random;
  logger: Logger;
  /** Unique among all processes. */
  clientId: string;
  /** By topic of the bus. */
  shards: ReadonlyMap<string, number>;
}

const DEFAULT_MAX_BATCH = 64;

/** The bus on RabbitMQ: an exchange for each topic, and for each group a quorum queue for each shard. */
export class RabbitmqBus implements MessageBus {
  readonly publishPaceMs = PACE_MS;
  readonly #options: RabbitmqBusOptions;
  readonly #publisher: Publisher;
  /** Consumes, and publishes nothing: so acks pass while a broker takes no messages. */
  readonly #link: Link;
  readonly #reports: HeldReports;
  readonly #deadLetters: DeadLetters;
  /** By the key of their group. */
  readonly #members = new Map<string, Set<GroupMember>>();

  constructor(options: RabbitmqBusOptions) {
    const { config, names, clock, random, logger, clientId } = options;
    const { callDeadlineMs } = config;
    this.#options = options;
    const publisher = new Publisher({ config, clock, random, logger, clientId });
    const heldOf = (key: string) => this.#heldOf(key);
    this.#publisher = publisher;
    this.#reports = new HeldReports({ names, clock, publisher, clientId, heldOf });
    const prepare = (model: Parameters<HeldReports['open']>[0]) => this.#reports.open(model);
    this.#link = new Link({ config, clock, random, logger, name: `${clientId} consumer`, prepare });
    this.#deadLetters = new DeadLetters({ link: this.#link, publisher, names, clock, callDeadlineMs });
  }

  async publish({ topic, shard, body, delayMs = 0 }: BusPublication): Promise<void> {
    const { names, clock } = this.#options;
    if (!(shard >= 0 && shard < this.shards(topic))) throw new RangeError(`topic ${topic} has no shard ${shard}`);
    const isDelayed = delayMs > 0;
    const direct = { exchange: names.topic(topic), routingKey: String(shard), lane: shard };
    await this.#publisher.publish({
      ...(isDelayed ? delayRoute(names, { topic, shard, delayMs }) : direct),
      body: Buffer.from(body),
      headers: { [PUBLISHED_AT]: clock.now(), ...defined({ [DELAYED]: isDelayed ? 1 : undefined }) },
    });
  }

  consume({ topic, group, maxBatch = DEFAULT_MAX_BATCH, concurrency, handle }: ConsumeOptions): BusConsumer {
    const { config, names, clock, random, logger } = this.#options;
    const key = names.deadKey(topic, group);
    const members = this.#members.get(key) ?? new Set();
    this.#members.set(key, members);
    const bury = async (delivery: BusDelivery, error: ImError) => {
      const { shard, id } = delivery;
      logger.error({ topic, group, shard, id, err: error }, 'a message can never be handled');
      await this.#deadLetters.bury(group, delivery, error);
    };
    const member = new GroupMember({
      link: this.#link,
      names,
      clock,
      random,
      logger,
      topic,
      group,
      shards: this.shards(topic),
      maxBatch,
      concurrency,
      callDeadlineMs: config.callDeadlineMs,
      handle,
      bury,
    });
    members.add(member);
    this.#reports.join(key);
    return {
      [Symbol.asyncDispose]: async () => {
        await member[Symbol.asyncDispose]();
        members.delete(member);
      },
    };
  }

  deadLetters(topic: string, group: string, limit: number): Promise<DeadLetter[]> {
    return this.#deadLetters.list(topic, group, limit);
  }

  lag(topic: string, group: string): Promise<ShardLag[]> {
    const { names, clock, config } = this.#options;
    const parts = { link: this.#link, reports: this.#reports, names, clock, callDeadlineMs: config.callDeadlineMs };
    return lagOf(parts, topic, group, this.shards(topic));
  }

  shards(topic: string): number {
    const known = this.#options.shards.get(topic);
    if (known === undefined) throw new RangeError(`the bus has no topic ${topic}`);
    return known;
  }

  async ping(): Promise<void> {
    const [topic] = this.#options.shards.keys();
    if (topic !== undefined) await this.#publisher.ping(this.#options.names.topic(topic));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const members = [...this.#members.values()].flatMap((set) => [...set]);
    await Promise.all(members.map((member) => member[Symbol.asyncDispose]()));
    await Promise.all([this.#publisher.close(), this.#link[Symbol.asyncDispose]()]);
  }

  #heldOf(key: string) {
    const members = this.#members.get(key);
    if (members === undefined || members.size === 0) return undefined;
    return [...members].flatMap(({ held }) => held);
  }
}
