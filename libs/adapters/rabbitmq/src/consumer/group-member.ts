import type { Clock, Random, Timer } from '@chasqui/domain';
import { type Logger, withDeadline } from '@chasqui/kit';
import type { BusConsumer } from '@chasqui/ports';
import type { Channel } from 'amqplib';
import type { Link } from '../broker/link.ts';
import type { Names } from '../names.ts';
import { surplusOf } from './fair-share.ts';
import { type Held, Lane, type LaneOptions } from './lane.ts';
import { Slots } from './slots.ts';

export interface GroupMemberOptions
  extends Pick<LaneOptions, 'topic' | 'maxBatch' | 'handle' | 'bury' | 'callDeadlineMs'> {
  link: Link;
  names: Names;
  clock: Clock;
  random: Random;
  logger: Logger;
  group: string;
  shards: number;
  /** Shards handled in parallel; undefined: all. */
  concurrency: number | undefined;
}

const LOOK_EVERY_MS = 2_000;
const LEAVE_MS = 1_000;

/**
 * One member of a consumer group. It subscribes to every shard, and the broker gives each to one subscriber. The first
 * member would keep them all, so a member that is busy with more than its share passes the rest on.
 */
export class GroupMember implements BusConsumer {
  readonly #options: GroupMemberOptions;
  readonly #lanes: readonly Lane[];
  #look: Timer | undefined;
  #presence: Channel | undefined;
  #stopped: Promise<void> | undefined;

  constructor(options: GroupMemberOptions) {
    const { names, topic, group, shards, concurrency, clock } = options;
    this.#options = options;
    const slots = new Slots(clock, concurrency ?? shards);
    this.#lanes = Array.from(
      { length: shards },
      (_, shard) => new Lane({ ...options, shard, slots, queue: names.shard(topic, group, shard) }),
    );
    this.#lookLater(0);
  }

  /** What was received and not handled, by shard. */
  get held(): Held[] {
    return this.#lanes.flatMap(({ held }) => held ?? []);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#look?.cancel();
    this.#look = undefined;
    const leaving = Promise.resolve(this.#presence?.close());
    const left = withDeadline(this.#options.clock, LEAVE_MS, leaving).catch(() => {});
    await Promise.all([left, ...this.#lanes.map((lane) => lane.stop())]);
  }

  #lookLater(ms: number): void {
    this.#look = this.#options.clock.after(ms, () => void this.#balance());
  }

  async #balance(): Promise<void> {
    const { clock, names, topic, group } = this.#options;
    try {
      const members = await this.#countMembers(names.members(topic, group));
      for (const lane of surplusOf(this.#lanes, members, clock.monotonic())) lane.passOn();
    } catch {
      // Without the broker nobody has a shard; the lanes say so.
    }
    if (this.#stopped === undefined) this.#lookLater(LOOK_EVERY_MS);
  }

  /** Also makes this member count. */
  async #countMembers(queue: string): Promise<number> {
    const { link, callDeadlineMs } = this.#options;
    if (this.#presence === undefined) {
      const channel = await (await link.connected(callDeadlineMs)).createChannel();
      channel.on('error', () => {});
      channel.on('close', () => {
        if (this.#presence === channel) this.#presence = undefined;
      });
      this.#presence = channel;
      await channel.consume(queue, () => {}, { noAck: true });
    }
    return (await this.#presence.checkQueue(queue)).consumerCount;
  }
}
