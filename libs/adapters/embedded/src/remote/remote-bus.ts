import { ImError } from '@chasqui/domain';
import type { DeadLetter, MessageBus, ShardLag } from '@chasqui/ports';
import { createConsumer } from '../bus/consumer.ts';
import type { Hub, MemberSpec, Membership, Work } from '../bus/hub.ts';
import type { ClientItem, HostItem } from './wire.ts';

interface Member {
  spec: MemberSpec;
  work: (work: Work) => void;
}

export interface RemoteBusOptions {
  call(op: string, args: unknown): Promise<unknown>;
  send(item: ClientItem): void;
}

/** The bus of an engine host in another process. Members rejoin after each loss of the host. */
export class RemoteBus implements MessageBus, Hub {
  readonly #options: RemoteBusOptions;
  readonly #members = new Map<number, Member>();
  #nextMember = 1;
  /** Numbers the connections: work of an earlier one was given to other members. */
  #connection = 0;
  #shards: { [topic: string]: number } = {};

  constructor(options: RemoteBusOptions) {
    this.#options = options;
  }

  /** The host is connected (again). */
  connected(shards: { [topic: string]: number }): void {
    this.#connection++;
    this.#shards = shards;
    for (const [id, { spec }] of this.#members) this.#options.send(['attach', id, spec]);
  }

  work([, memberId, id, shard, batch]: Extract<HostItem, ['work', ...unknown[]]>): void {
    const connection = this.#connection;
    const member = this.#members.get(memberId);
    if (member === undefined) {
      // The member retired while the work was in flight: the host gives it to another.
      this.#options.send(['settle', id, { type: 'failed' }]);
      return;
    }
    member.work({
      shard,
      batch,
      settle: (outcome) => {
        if (connection === this.#connection) this.#options.send(['settle', id, outcome]);
      },
    });
  }

  attach(spec: MemberSpec, work: (work: Work) => void): Membership {
    this.shards(spec.topic);
    const id = this.#nextMember++;
    this.#members.set(id, { spec, work });
    this.#options.send(['attach', id, spec]);
    return {
      retire: () => {
        if (this.#members.delete(id)) this.#options.send(['retire', id]);
      },
    };
  }

  async publish(publication: Parameters<MessageBus['publish']>[0]): Promise<void> {
    await this.#options.call('publish', publication);
  }

  consume(options: Parameters<MessageBus['consume']>[0]) {
    return createConsumer(this, options);
  }

  deadLetters(topic: string, group: string, limit: number): Promise<DeadLetter[]> {
    return this.#options.call('deadLetters', [topic, group, limit]) as Promise<DeadLetter[]>;
  }

  lag(topic: string, group: string): Promise<ShardLag[]> {
    return this.#options.call('lag', [topic, group]) as Promise<ShardLag[]>;
  }

  shards(topic: string): number {
    const shards = this.#shards[topic];
    if (shards === undefined) throw new ImError('config_invalid', `the bus has no topic ${topic}`);
    return shards;
  }

  async ping(): Promise<void> {
    await this.#options.call('ping', null);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const id of this.#members.keys()) this.#options.send(['retire', id]);
    this.#members.clear();
  }
}
