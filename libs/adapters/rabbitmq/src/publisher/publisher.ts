import { type Clock, ImError, type Random } from '@chasqui/domain';
import { type Logger, withDeadline } from '@chasqui/kit';
import type { ChannelModel, ConfirmChannel, Options } from 'amqplib';
import { Link } from '../broker/link.ts';
import type { RabbitmqConfig } from '../config.ts';
import { Channels } from './channels.ts';

export interface Outgoing {
  exchange: string;
  routingKey: string;
  body: Buffer;
  headers: Readonly<Record<string, string | number>>;
  /** Of an exchange whose queues do not depend on one another: the one that it goes to. Default: all share a channel. */
  lane?: number;
  /** Whether no queue is a failure. Default true. */
  mandatory?: boolean;
}

export interface PublisherOptions {
  config: RabbitmqConfig;
  clock: Clock;
  random: Random;
  logger: Logger;
  /** Unique among all publishers. */
  clientId: string;
}

/** How long a publisher that closes waits for the confirms of what it has sent, ms. */
const LAST_CONFIRMS_MS = 1_000;

const LATE =
  'the broker did not confirm the message in time; if that goes on, npx chasqui doctor tells queues without a leader';
const LEAVING = 'this process leaves the bus';

/**
 * Publishes on a connection of its own, because a broker short of memory or disk stops to read from connections that
 * publish. A publish that was sent and not confirmed is not repeated: a copy that the broker finds late in the old
 * connection would come unmarked, behind the new one.
 */
export class Publisher {
  readonly #options: PublisherOptions;
  readonly #link: Link;
  readonly #channels: Channels;
  readonly #unroutable = new Set<string>();
  readonly #inFlight = new Set<Promise<void>>();
  #blockedBecause: string | undefined;
  #isClosing = false;
  #waitingBytes = 0;
  #published = 0;

  constructor(options: PublisherOptions) {
    this.#options = options;
    const { clientId: _, ...parts } = options;
    this.#channels = new Channels(options.logger, (messageId) => void this.#unroutable.add(messageId));
    this.#link = new Link({
      ...parts,
      name: `${options.clientId} publisher`,
      prepare: async (model) => this.#prepare(model),
    });
  }

  /**
   * Resolves when every queue of the message has it on disk, on most of its brokers. Errors: `overloaded`, if the broker
   * is short of memory or disk or too much waits: it was not sent; `bus_unavailable`: it may be stored or not.
   */
  async publish(outgoing: Outgoing): Promise<void> {
    const { clock, config } = this.#options;
    const bytes = outgoing.body.length;
    this.#expectRoom(bytes);
    const deadline = clock.monotonic() + config.publishDeadlineMs;
    this.#waitingBytes += bytes;
    let channel: ConfirmChannel;
    try {
      channel = await this.#opened(outgoing, config.publishDeadlineMs);
      if (this.#blockedBecause !== undefined) throw this.#blocked();
    } catch (error) {
      this.#waitingBytes -= bytes;
      throw error;
    }
    await this.#confirmed(channel, outgoing, deadline);
  }

  /** Errors: `bus_unavailable` if a publish would not succeed now. */
  async ping(exchange: string): Promise<void> {
    // A broker that takes no messages opens no channel either.
    if (this.#blockedBecause !== undefined) throw new ImError('bus_unavailable', this.#blocked().message);
    const channel = await this.#opened({ exchange }, this.#options.config.callDeadlineMs);
    if (this.#blockedBecause !== undefined) throw new ImError('bus_unavailable', this.#blocked().message);
    await this.#answered(channel.checkExchange(exchange));
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    const settled = Promise.allSettled(this.#inFlight);
    const late = Promise.withResolvers<void>();
    const timer = this.#options.clock.after(LAST_CONFIRMS_MS, () => late.resolve());
    await Promise.race([settled, late.promise]);
    timer.cancel();
    await this.#link[Symbol.asyncDispose]();
    await settled;
  }

  async #opened({ exchange, lane }: Pick<Outgoing, 'exchange' | 'lane'>, withinMs: number): Promise<ConfirmChannel> {
    if (this.#isClosing) throw unavailable(LEAVING);
    const { clock } = this.#options;
    const deadline = clock.monotonic() + withinMs;
    const model = await this.#link.connected(withinMs);
    const opening = this.#channels.of(model, lane === undefined ? exchange : `${exchange} ${lane}`);
    if (!(opening instanceof Promise)) return opening;
    const late = () =>
      this.#blockedBecause === undefined ? unavailable('the broker opened no channel in time') : this.#blocked();
    return this.#answered(withDeadline(clock, Math.max(deadline - clock.monotonic(), 0), opening, late));
  }

  #prepare(model: ChannelModel): void {
    this.#blockedBecause = undefined;
    model.on('blocked', (reason: string) => this.#block(reason));
    model.on('unblocked', () => this.#unblock());
  }

  #confirmed(channel: ConfirmChannel, outgoing: Outgoing, deadline: number): Promise<void> {
    const { clock, clientId } = this.#options;
    const { exchange, routingKey, body, headers, mandatory = true } = outgoing;
    const messageId = `${clientId}-${(++this.#published).toString(36)}`;
    const options: Options.Publish = { persistent: true, mandatory, messageId, headers };
    const confirmed = new Promise<void>((resolve, reject) => {
      let isLate = false;
      const late = () => {
        isLate = true;
        reject(unavailable(LATE));
        this.#channels.late(channel, 1);
      };
      const timer = clock.after(Math.max(deadline - clock.monotonic(), 0), late);
      const settle = (error: unknown) => {
        timer.cancel();
        if (isLate) this.#channels.late(channel, -1);
        // Held until now, also past the deadline: so long the bytes may wait in the connection.
        this.#waitingBytes -= body.length;
        if (error !== null && error !== undefined) reject(unavailable(messageOf(error)));
        else if (this.#unroutable.delete(messageId)) reject(unavailable(`no queue is bound to ${exchange}`));
        else resolve();
      };
      try {
        channel.publish(exchange, routingKey, body, options, settle);
      } catch (error) {
        settle(error);
      }
    });
    const settled = confirmed.catch(() => {}).then(() => void this.#inFlight.delete(settled));
    this.#inFlight.add(settled);
    return confirmed;
  }

  #expectRoom(bytes: number): void {
    if (this.#blockedBecause !== undefined) throw this.#blocked();
    if (this.#waitingBytes + bytes <= this.#options.config.maxWaitingBytes) return;
    throw new ImError('overloaded', 'too many bytes wait to be published');
  }

  #answered<T>(call: Promise<T>): Promise<T> {
    return call.catch((error: unknown) =>
      Promise.reject(error instanceof ImError ? error : unavailable(messageOf(error))),
    );
  }

  #block(reason: string): void {
    this.#blockedBecause = reason;
    this.#options.logger.warn({ reason }, 'RabbitMQ takes no messages: publishes are refused');
  }

  #unblock(): void {
    this.#blockedBecause = undefined;
    this.#options.logger.info({}, 'RabbitMQ takes messages again');
  }

  #blocked(): ImError {
    return new ImError('overloaded', `RabbitMQ takes no messages now: ${this.#blockedBecause}`);
  }
}

function unavailable(why: string): ImError {
  return new ImError('bus_unavailable', `RabbitMQ: ${why}`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
