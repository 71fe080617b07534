import { ImError, type Random } from '@chasqui/domain';
import type { BusConnection, MemoryBus } from '@chasqui/memory';
import type { BusConsumer, BusDelivery, BusPublication, ConsumeOptions, MessageBus } from '@chasqui/ports';
import type { Machine } from './machine.ts';
import type { Mortal } from './mortal.ts';
import type { Reach } from './reach.ts';
import type { VirtualClock } from './virtual-clock.ts';

export interface BusAccessOptions {
  process: Mortal;
  reach: Reach;
  machine: Machine;
  bus: () => MemoryBus;
  world: VirtualClock;
  random: Random;
  /** The probability that the bus loses the ack of a batch, and delivers it again. */
  duplicates: () => number;
  /** Called for every batch that is delivered again for that reason. */
  onDuplicate: () => void;
  publishPaceMs: number;
}

interface Subscription {
  options: ConsumeOptions;
  connection: BusConnection;
  consumer: BusConsumer;
  /** It accepts no more batches, not even after a thaw. */
  isLeaving: boolean;
}

/**
 * The bus as one process has it: its consumers end with the process, and its shards move to others when it is frozen.
 */
export class BusAccess implements MessageBus {
  readonly publishPaceMs: number;
  readonly #options: BusAccessOptions;
  readonly #subscriptions = new Set<Subscription>();

  constructor(options: BusAccessOptions) {
    this.#options = options;
    this.publishPaceMs = options.publishPaceMs;
    options.process.atDeath(() => this.#silence());
  }

  publish(publication: BusPublication): Promise<void> {
    return this.#call((bus) => bus.publish(publication));
  }

  consume(options: ConsumeOptions): BusConsumer {
    const subscription = this.#subscribe(options);
    return {
      [Symbol.asyncDispose]: async () => {
        subscription.isLeaving = true;
        await subscription.consumer[Symbol.asyncDispose]();
        this.#subscriptions.delete(subscription);
      },
    };
  }

  deadLetters(topic: string, group: string, limit: number) {
    return this.#call((bus) => bus.deadLetters(topic, group, limit));
  }

  lag(topic: string, group: string) {
    return this.#call((bus) => bus.lag(topic, group));
  }

  shards(topic: string): number {
    return this.#options.bus().shards(topic);
  }

  ping(): Promise<void> {
    return this.#call((bus) => bus.ping());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { consumer } of this.#subscriptions) await consumer[Symbol.asyncDispose]();
  }

  /** The process is frozen: its shards are reassigned, but it may still finish the batches that it holds. */
  frozen(): void {
    this.#silence();
  }

  thawed(): void {
    for (const subscription of this.#subscriptions) {
      if (!subscription.isLeaving) Object.assign(subscription, this.#connect(subscription.options));
    }
  }

  #call<T>(work: (bus: MemoryBus) => Promise<T>): Promise<T> {
    const { reach, machine, bus } = this.#options;
    return reach.call(machine, () => work(bus()));
  }

  #silence(): void {
    for (const { connection } of this.#subscriptions) connection.kill();
  }

  #subscribe(options: ConsumeOptions): Subscription {
    const subscription = { options, isLeaving: false, ...this.#connect(options) };
    this.#subscriptions.add(subscription);
    return subscription;
  }

  #connect(options: ConsumeOptions): Pick<Subscription, 'connection' | 'consumer'> {
    const connection = this.#options.bus().connect();
    const consumer = connection.consume({ ...options, handle: (batch) => this.#handOver(options, batch) });
    return { connection, consumer };
  }

  /** A batch travels to the process, and its outcome back; either may be lost. */
  async #handOver({ handle }: ConsumeOptions, batch: readonly BusDelivery[]): Promise<void> {
    const { process, machine, world, reach, random, duplicates, onDuplicate } = this.#options;
    await machine.up();
    await new Promise<void>((resolve) => world.after(reach.tripMs(), resolve));
    await new Promise<void>((resolve, reject) => process.enter(() => handle(batch).then(resolve, reject)));
    const isUnheard = machine.state !== 'up' || random() < duplicates();
    await machine.up();
    await new Promise<void>((resolve) => world.after(reach.tripMs(), resolve));
    if (!isUnheard) return;
    onDuplicate();
    throw new ImError('bus_unavailable', 'the bus did not hear that a batch was handled');
  }
}
