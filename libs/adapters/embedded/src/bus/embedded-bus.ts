import type { Clock, Timer } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import { steadyClock } from '@chasqui/kit/base';
import type { BusPublication, DeadLetter, MessageBus, ShardLag } from '@chasqui/ports';
import type { Caller } from '../worker-link/caller.ts';
import { deadLettersOf, lagOf } from './bus-reports.ts';
import { createConsumer } from './consumer.ts';
import { ConsumerGroup, type GroupLog, type HostMembership } from './consumer-group.ts';
import { DelayedMessages } from './delayed-messages.ts';
import { GroupShard } from './group-shard.ts';
import type { Hub, MemberSpec, Work } from './hub.ts';
import type { LogEntry, LogOperations, LogState } from './log-operations.ts';
import { LogTrimmer } from './log-trimmer.ts';
import { PositionWriter } from './position-writer.ts';
import { Topics } from './topics.ts';

export interface EmbeddedBusOptions {
  clock: Clock;
  logger: Logger;
  log: Caller<LogOperations>;
  state: LogState;
  /** How long messages are kept after every group has handled them, in ms. */
  retentionMs: number;
  /** Characters of bodies kept in memory for consumers. */
  maxTailCharacters: number;
}

/** Characters read from the file at a time, per shard and group. */
const READ_CHARACTERS = 2_000_000;
const JOIN_RETRY_MS = 500;

function keyOf(topic: string, group: string): string {
  return `${topic} ${group}`;
}

/**
 * The bus. The log is a file behind `log`. The only process that owns the file decides in memory which member of which
 * group holds which shard. Bodies go from the publish to the consumers without being read back.
 */
export class EmbeddedBus implements MessageBus, Hub {
  readonly #options: EmbeddedBusOptions;
  readonly #topics: Topics;
  readonly #groups = new Map<string, ConsumerGroup>();
  readonly #positions: PositionWriter;
  readonly #delayed: DelayedMessages;
  readonly #trimmer: LogTrimmer;
  readonly #retries = new Set<Timer>();
  #closed = false;

  constructor(options: EmbeddedBusOptions) {
    const { clock, log, state, maxTailCharacters, retentionMs } = options;
    this.#options = options;
    this.#topics = new Topics(state, maxTailCharacters);
    this.#positions = new PositionWriter(clock, log);
    const steady = steadyClock(clock, state.delayedAt);
    this.#delayed = new DelayedMessages(steady, log, (stream, entry) => this.#appended(stream, entry));
    this.#trimmer = new LogTrimmer({ clock, log, topics: this.#topics, retentionMs });
    for (const group of state.groups) {
      const topic = state.topics.find(({ id }) => id === group.topic)?.name ?? '';
      this.#known(this.#group(topic, group.name), group.id, state);
    }
    this.#delayed.due(state.nextDue);
  }

  async publish({ topic, shard, body, delayMs = 0 }: BusPublication): Promise<void> {
    const stream = this.#topics.stream(topic, shard);
    const { log, clock } = this.#options;
    if (delayMs > 0) {
      const { at, due } = this.#delayed.after(delayMs);
      await log.call('delay', [stream.id, body, due, at]);
      this.#delayed.due(due);
      return;
    }
    this.#positions.share();
    const publishedAt = clock.now();
    const offset = await log.call('append', [stream.id, body]);
    this.#appended(stream.id, { offset, body, publishedAt });
  }

  consume(options: Parameters<MessageBus['consume']>[0]) {
    return createConsumer(this, options);
  }

  attach(spec: MemberSpec, work: (work: Work) => void): HostMembership {
    const group = this.#group(spec.topic, spec.group);
    if (group.id === undefined) void this.#join(group);
    return group.attach(spec, work);
  }

  async deadLetters(topic: string, group: string, limit: number): Promise<DeadLetter[]> {
    const known = this.#groups.get(keyOf(topic, group));
    return known === undefined ? [] : deadLettersOf(this.#options.log, known, limit);
  }

  lag(topic: string, group: string): Promise<ShardLag[]> {
    const { log, clock } = this.#options;
    const shards = this.#groups.get(keyOf(topic, group))?.shards ?? [];
    return lagOf(log, this.#topics.streams(topic), shards, clock.now());
  }

  shards(topic: string): number {
    return this.#topics.streams(topic).length;
  }

  /** The shards of every topic. */
  topicShards(): { [topic: string]: number } {
    return this.#topics.shardCounts();
  }

  async ping(): Promise<void> {
    await this.#options.log.call('ping', null);
  }

  /** The log's worker was restarted: it may hold more entries than were answered, and not every position. */
  reopened(state: LogState): void {
    this.#topics.reopened(state);
    this.#delayed.due(state.nextDue);
    for (const group of this.#groups.values()) {
      for (const shard of group.shards) this.#positions.moved(group, shard);
      group.wake(group.shards);
    }
  }

  /** Stops handing out work and persists the positions. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const timer of this.#retries) timer.cancel();
    this.#delayed.close();
    this.#trimmer.close();
    for (const group of this.#groups.values()) group.close();
    await this.#positions.write();
    this.#positions.close();
  }

  #appended(streamId: number, entry: LogEntry): void {
    const stream = this.#topics.byId(streamId);
    stream.append(entry);
    for (const group of this.#topics.groupsOf(streamId)) {
      const shard = group.shards[stream.shard];
      if (shard !== undefined) group.wake([shard]);
    }
  }

  #group(topic: string, name: string): ConsumerGroup {
    this.#topics.streams(topic);
    const key = keyOf(topic, name);
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = new ConsumerGroup(topic, name, this.#options.clock, this.#groupLog);
      this.#groups.set(key, group);
    }
    return group;
  }

  async #join(group: ConsumerGroup): Promise<void> {
    const { log, clock, logger } = this.#options;
    try {
      const id = await log.call('join', [this.#topics.id(group.topic), group.name]);
      if (group.id === undefined) this.#known(group, id, null);
      group.wake(group.shards);
    } catch (error) {
      if (this.#closed) return;
      logger.warn({ err: error, topic: group.topic, group: group.name }, 'a consumer group cannot join: retrying');
      const timer = clock.after(JOIN_RETRY_MS, () => {
        this.#retries.delete(timer);
        void this.#join(group);
      });
      this.#retries.add(timer);
    }
  }

  /**
   * The group is registered in the file. A group that existed before this opening may have received any message
   * already.
   */
  #known(group: ConsumerGroup, id: number, state: LogState | null): void {
    group.id = id;
    const positions = new Map(
      state?.positions.filter((position) => position.group === id).map(({ stream, offset }) => [stream, offset]),
    );
    group.shards = this.#topics.streams(group.topic).map((stream) => {
      const position = Math.max(stream.first, positions.get(stream.id) ?? 0);
      return new GroupShard(stream, position, state === null ? 0 : stream.next);
    });
    this.#topics.addGroup(group);
  }

  readonly #groupLog: GroupLog = {
    read: (stream, from, limit) => this.#options.log.call('read', [stream, from, limit, READ_CHARACTERS]),
    moved: (group, shard) => {
      this.#positions.moved(group, shard);
      this.#topics.release(shard.stream);
    },
    bury: async ({ id, topic, name }, { stream }, offset, error) => {
      this.#options.logger.error(
        { topic, group: name, shard: stream.shard, offset, error },
        'a message can never be handled',
      );
      if (id !== undefined) await this.#options.log.call('bury', [id, stream.id, offset, error]);
    },
  };
}
