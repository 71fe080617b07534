import type { Clock } from '@chasqui/domain';
import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import type { Held } from './consumer/lane.ts';
import type { Names } from './names.ts';
import type { Publisher } from './publisher/publisher.ts';

export interface HeldReportsOptions {
  names: Names;
  clock: Clock;
  publisher: Publisher;
  /** Unique among all processes. */
  clientId: string;
  /** What this process has of a group; undefined if it is not a member. */
  heldOf(key: string): Held[] | undefined;
}

interface Ask {
  key: string;
  from: string;
  id: number;
}

interface Answer {
  to: number;
  held: Held[];
}

/**
 * The broker does not say what consumers have and have not acked. So their processes ask each other: a question goes to
 * every process of a group, and each answers for its members.
 */
export class HeldReports {
  readonly #options: HeldReportsOptions;
  readonly #asked = new Map<number, (held: Held[]) => void>();
  readonly #keys = new Set<string>();
  #channel: Channel | undefined;
  #asks = 0;

  constructor(options: HeldReportsOptions) {
    this.#options = options;
  }

  /** Prepares a new connection. */
  async open(model: ChannelModel): Promise<void> {
    const { names, clientId } = this.#options;
    const channel = await model.createChannel();
    channel.on('error', () => {});
    channel.on('close', () => {
      if (this.#channel === channel) this.#channel = undefined;
    });
    const queue = names.process(clientId);
    await channel.assertQueue(queue, { exclusive: true, durable: false });
    await channel.bindQueue(queue, names.answers, clientId);
    for (const key of this.#keys) await channel.bindQueue(queue, names.asks, key);
    await channel.consume(queue, (message) => this.#take(message), { noAck: true });
    this.#channel = channel;
  }

  /** Also asks for this group come from now on. */
  join(key: string): void {
    if (this.#keys.has(key)) return;
    this.#keys.add(key);
    const { names, clientId } = this.#options;
    // If it fails, the channel has ended: the next one binds all keys.
    this.#channel?.bindQueue(names.process(clientId), names.asks, key).catch(() => {});
  }

  /** The answers of at most `expected` processes within `waitMs`. */
  async ask(key: string, expected: number, waitMs: number): Promise<Held[]> {
    const { clock, clientId, names } = this.#options;
    const id = ++this.#asks;
    const held: Held[] = [];
    let answers = 0;
    const { promise: answered, resolve } = Promise.withResolvers<void>();
    const timer = clock.after(waitMs, resolve);
    this.#asked.set(id, (more) => {
      held.push(...more);
      if (++answers >= expected) resolve();
    });
    this.#send(names.asks, key, { key, from: clientId, id } satisfies Ask).catch(resolve);
    await answered;
    timer.cancel();
    this.#asked.delete(id);
    return held;
  }

  #take(message: ConsumeMessage | null): void {
    if (message === null) return;
    const { heldOf, names } = this.#options;
    const mail = JSON.parse(message.content.toString()) as Ask | Answer;
    if ('to' in mail) {
      this.#asked.get(mail.to)?.(mail.held);
      return;
    }
    const held = heldOf(mail.key);
    if (held !== undefined) this.#send(names.answers, mail.from, { to: mail.id, held }).catch(() => {});
  }

  #send(exchange: string, routingKey: string, mail: Ask | Answer): Promise<void> {
    const body = Buffer.from(JSON.stringify(mail));
    return this.#options.publisher.publish({ exchange, routingKey, body, headers: {}, mandatory: false });
  }
}
