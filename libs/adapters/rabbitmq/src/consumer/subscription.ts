import type { Clock, Timer } from '@chasqui/domain';
import { withDeadline } from '@chasqui/kit';
import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';

/**
 * Messages that the broker sends ahead of their acks. The same for every consumer of every version: messages that were
 * returned go before all others, in the order of their return, so a consumer that took fewer of them than another had
 * would see them out of order once it returned its own.
 */
export const PREFETCH = 32;

/**
 * An ack costs the broker as much as a message does, a sync of its log included, whatever it covers. So it waits for
 * others, until so many messages are handled, or ms have passed. If this process dies before, these come again, marked.
 */
const ACK = { messages: PREFETCH / 2, ms: 100 };

const CLOSE_DEADLINE_MS = 1_000;

/**
 * A subscription to a shard's queue, on a channel of its own: closing it returns everything that was not handled, in
 * order, and at the same moment the next subscriber gets the queue.
 */
export class Subscription {
  /** Received and not handled, oldest first. */
  readonly held: ConsumeMessage[] = [];
  readonly #channel: Channel;
  readonly #clock: Clock;
  readonly #arrived: () => void;
  /** Handled and not acked. */
  #handled: { last: ConsumeMessage; count: number; timer: Timer } | undefined;
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

  /** The oldest `count` messages that are held are done, and will be acked soon. */
  done(count: number): void {
    const last = this.held[count - 1];
    if (!this.#isOpen || last === undefined) return;
    this.held.splice(0, count);
    const timer = this.#handled?.timer ?? this.#clock.after(ACK.ms, () => this.#ack());
    this.#handled = { last, count: (this.#handled?.count ?? 0) + count, timer };
    if (this.#handled.count >= ACK.messages) this.#ack();
  }

  /** Returns what is held. Never rejects. */
  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#ack();
    const closing = withDeadline(this.#clock, CLOSE_DEADLINE_MS, this.#channel.close()).catch(() => {});
    this.#ended();
    await closing;
  }

  #ack(): void {
    const handled = this.#handled;
    if (handled === undefined) return;
    this.#handled = undefined;
    handled.timer.cancel();
    try {
      this.#channel.ack(handled.last, true);
    } catch {
      // The channel is ending: what it does not ack comes again, marked.
    }
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
    this.#handled?.timer.cancel();
    this.#handled = undefined;
    this.held.length = 0;
    this.#arrived();
  }
}
