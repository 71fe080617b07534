import type { Clock } from '@chasqui/domain';
import { withDeadline } from '@chasqui/kit';
import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';

/**
 * Messages that the broker sends ahead of their acks. The same for every consumer of every version: messages that were
 * returned go before all others, in the order of their return, so a consumer that took fewer of them than another had
 * would see them out of order once it returned its own.
 */
const PREFETCH = 32;

const CLOSE_DEADLINE_MS = 1_000;

/**
 * A subscription to a shard's queue, on a channel of its own: closing it returns everything that was not acked, in
 * order, and at the same moment the next subscriber gets the queue.
 */
export class Subscription {
  /** Received and not acked, oldest first. */
  readonly held: ConsumeMessage[] = [];
  readonly #channel: Channel;
  readonly #clock: Clock;
  readonly #arrived: () => void;
  #isOpen = true;

  private constructor(channel: Channel, clock: Clock, arrived: () => void) {
    this.#channel = channel;
    this.#clock = clock;
    this.#arrived = arrived;
  }

  /** `changed`: a message arrived, or the subscription ended. */
  static async open(model: ChannelModel, queue: string, clock: Clock, changed: () => void): Promise<Subscription> {
    const channel = await model.createChannel();
    const subscription = new Subscription(channel, clock, changed);
    channel.on('error', () => {});
    channel.on('close', () => subscription.#ended());
    await channel.prefetch(PREFETCH);
    await channel.consume(queue, (message) => subscription.#take(message));
    return subscription;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Acks the oldest `count` messages that are held. */
  ack(count: number): void {
    const last = this.held[count - 1];
    if (!this.#isOpen || last === undefined) return;
    this.#channel.ack(last, true);
    this.held.splice(0, count);
  }

  /** Returns what was not acked. Never rejects. */
  async close(): Promise<void> {
    if (!this.#isOpen) return;
    const closing = withDeadline(this.#clock, CLOSE_DEADLINE_MS, this.#channel.close()).catch(() => {});
    this.#ended();
    await closing;
  }

  #take(message: ConsumeMessage | null): void {
    if (message === null) this.#ended();
    if (message === null || !this.#isOpen) return;
    this.held.push(message);
    this.#arrived();
  }

  #ended(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.held.length = 0;
    this.#arrived();
  }
}
