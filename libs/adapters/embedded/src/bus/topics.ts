import { ImError } from '@chasqui/domain';
import type { ConsumerGroup } from './consumer-group.ts';
import { type LogState, MAX_SHARDS, streamOf } from './log-operations.ts';
import { Stream, type TailBudget } from './stream.ts';

interface Topic {
  id: number;
  streams: Stream[];
  groups: ConsumerGroup[];
}

/** The topics of the bus, their streams and their groups. */
export class Topics {
  readonly #byName = new Map<string, Topic>();
  readonly #byId = new Map<number, Topic>();

  constructor(state: LogState, maxTailCharacters: number) {
    const budget: TailBudget = { left: maxTailCharacters };
    const ranges = new Map(state.streams.map((range) => [range.stream, range]));
    for (const { id, name, shards } of state.topics) {
      const streams = Array.from({ length: shards }, (_, shard) => {
        const stream = streamOf(id, shard);
        return new Stream(stream, shard, ranges.get(stream) ?? { first: 1, next: 1 }, budget);
      });
      const topic = { id, streams, groups: [] };
      this.#byName.set(name, topic);
      this.#byId.set(id, topic);
    }
  }

  /** Errors: `config_invalid` for a topic that was not configured at opening. */
  streams(topic: string): Stream[] {
    return this.#topic(topic).streams;
  }

  shardCounts(): { [topic: string]: number } {
    return Object.fromEntries([...this.#byName].map(([name, { streams }]) => [name, streams.length]));
  }

  id(topic: string): number {
    return this.#topic(topic).id;
  }

  /** Errors: as `streams`, also for a shard that the topic does not have. */
  stream(topic: string, shard: number): Stream {
    const stream = this.streams(topic)[shard];
    if (stream === undefined) throw new ImError('config_invalid', `the topic ${topic} has no shard ${shard}`);
    return stream;
  }

  byId(streamId: number): Stream {
    const stream = this.#byId.get(Math.floor(streamId / MAX_SHARDS))?.streams[this.shardOf(streamId)];
    if (stream === undefined) throw new Error(`no stream ${streamId}`);
    return stream;
  }

  shardOf(streamId: number): number {
    return streamId % MAX_SHARDS;
  }

  groupsOf(streamId: number): readonly ConsumerGroup[] {
    return this.#byId.get(Math.floor(streamId / MAX_SHARDS))?.groups ?? [];
  }

  addGroup(group: ConsumerGroup): void {
    this.#topic(group.topic).groups.push(group);
  }

  /** Releases bodies that every group has handled. */
  release(stream: Stream): void {
    let done = stream.next;
    for (const group of this.groupsOf(stream.id)) done = Math.min(done, group.shards[stream.shard]?.position ?? 0);
    stream.release(done);
  }

  reopened(state: LogState): void {
    for (const { stream, first, next } of state.streams) {
      const known = this.byId(stream);
      known.first = first;
      known.next = Math.max(known.next, next);
    }
  }

  #topic(name: string): Topic {
    const topic = this.#byName.get(name);
    if (topic === undefined) throw new ImError('config_invalid', `the bus has no topic ${name}`);
    return topic;
  }
}
