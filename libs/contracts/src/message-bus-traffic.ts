import { setTimeout } from 'node:timers/promises';
import { CONVERSATION_TOPIC, ImError } from '@chasqui/domain';
import type { BusDelivery, MessageBus } from '@chasqui/ports';

/** The payload of a publish. */
interface Numbered {
  event: number;
  /** Failed publishes of the same event before this one. */
  tries: number;
}

interface Seen extends Numbered {
  redelivered: boolean;
}

/**
 * Publishers that number their events and send them one after another per shard, as the apps do; failed events are
 * published again. And a consumer that records what it gets.
 */
export class BusTraffic {
  readonly acked: number[][];
  readonly seen: Seen[][];
  readonly refusals: ImError[] = [];
  /** Longest duration of a refused publish, ms. */
  slowestRefusalMs = 0;
  readonly #bus: MessageBus;
  #running = true;
  readonly #publishers: Promise<void>[];

  constructor(bus: MessageBus, shards: number) {
    this.#bus = bus;
    this.acked = Array.from({ length: shards }, () => []);
    this.seen = Array.from({ length: shards }, () => []);
    this.#publishers = this.acked.map((_, shard) => this.#publishOn(shard));
  }

  handle = async (batch: readonly BusDelivery[]): Promise<void> => {
    for (const { shard, body, redelivered } of batch) {
      for (const numbered of JSON.parse(body) as Numbered[]) this.seen[shard]?.push({ ...numbered, redelivered });
    }
  };

  /** Number of acked events that were not seen. */
  get missing(): number {
    return this.acked.flatMap((events, shard) => {
      const seen = new Set(this.seen[shard]?.map(({ event }) => event));
      return events.filter((event) => !seen.has(event));
    }).length;
  }

  get ackedCount(): number {
    return this.acked.flat().length;
  }

  /** First deliveries of a shard, in order. */
  firstsOf(shard: number): number[] {
    return [...new Set(this.seen[shard]?.map(({ event }) => event))];
  }

  /** Repeated deliveries of a publish that were not marked as such. */
  get unmarkedRepeats(): Seen[] {
    return this.seen.flatMap((deliveries) => {
      const known = new Set<string>();
      return deliveries.filter(({ event, tries, redelivered }) => {
        const isRepeat = known.has(`${event} ${tries}`);
        known.add(`${event} ${tries}`);
        return isRepeat && !redelivered;
      });
    });
  }

  async stop(): Promise<void> {
    this.#running = false;
    await Promise.all(this.#publishers);
  }

  async #publishOn(shard: number): Promise<void> {
    for (let event = 0, tries = 0; this.#running; ) {
      const started = performance.now();
      try {
        await this.#bus.publish({ topic: CONVERSATION_TOPIC, shard, body: JSON.stringify([{ event, tries }]) });
        this.acked[shard]?.push(event++);
        tries = 0;
      } catch (error) {
        tries++;
        this.refusals.push(ImError.from(error));
        this.slowestRefusalMs = Math.max(this.slowestRefusalMs, performance.now() - started);
        // A refusal may come at once: without a pause nothing else would run.
        await setTimeout(5);
      }
    }
  }
}
