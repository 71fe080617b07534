import { type Clock, ImError, type Random } from '@chasqui/domain';
import { backoffMs, type Logger, sleep, withDeadline } from '@chasqui/kit';
import type { ChannelModel } from 'amqplib';
import type { RabbitmqConfig } from '../config.ts';
import { brokerError } from './broker-error.ts';
import { connectTo, disconnect } from './connect.ts';

export interface LinkOptions {
  config: RabbitmqConfig;
  clock: Clock;
  random: Random;
  logger: Logger;
  /** Shown by RabbitMQ's own tools. */
  name: string;
  /** Prepares a new connection, before anyone else gets it. If it rejects, the connection is given up. */
  prepare?(model: ChannelModel): Promise<void>;
}

const RECONNECT_BACKOFF = { initialMs: 100, maxMs: 2_000 };
/** A connection that stays up for this long ends the back-off, ms. */
const STEADY_MS = 5_000;

/** A connection that is made anew, to the next broker of the cluster, whenever it is lost. */
export class Link implements AsyncDisposable {
  readonly #options: LinkOptions;
  readonly #closing = new AbortController();
  readonly #loop: Promise<void>;
  #model: ChannelModel | undefined;
  #next = Promise.withResolvers<ChannelModel>();
  #lastError: ImError | undefined;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#next.promise.catch(() => {});
    this.#loop = this.#keep();
  }

  /**
   * The connection, as soon as there is one. Errors: `bus_unavailable` after `withinMs`, once closed, or when the signal
   * aborts.
   */
  async connected(withinMs: number, signal?: AbortSignal): Promise<ChannelModel> {
    if (this.#model !== undefined) return this.#model;
    const given = Promise.withResolvers<ChannelModel>();
    const giveUp = () => given.reject(this.unavailable());
    signal?.addEventListener('abort', giveUp, { once: true });
    if (signal?.aborted) giveUp();
    this.#next.promise.then(given.resolve, given.reject);
    const late = () => this.unavailable();
    return withDeadline(this.#options.clock, withinMs, given.promise, late).finally(() =>
      signal?.removeEventListener('abort', giveUp),
    );
  }

  get isUp(): boolean {
    return this.#model !== undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closing.signal.aborted) return this.#loop;
    this.#closing.abort();
    this.#next.reject(this.unavailable());
    if (this.#model !== undefined) await disconnect(this.#model, this.#options.clock);
    await this.#loop;
  }

  async #keep(): Promise<void> {
    const { config, clock, random, logger, name } = this.#options;
    const { endpoints } = config.address;
    const { signal } = this.#closing;
    for (let turn = 0, failures = 0; !signal.aborted; turn++) {
      const endpoint = endpoints[turn % endpoints.length] ?? { host: '', port: 0 };
      try {
        const model = await connectTo(endpoint, this.#options);
        if (failures > 0) logger.info({ link: name }, 'RabbitMQ is available again');
        const since = clock.monotonic();
        await this.#use(model);
        if (clock.monotonic() - since >= STEADY_MS) failures = 0;
        if (signal.aborted) return;
        logger.warn({ link: name, err: this.#lastError }, 'the connection to RabbitMQ was lost');
      } catch (error) {
        if (signal.aborted) return;
        this.#lastError = ImError.from(error, 'bus_unavailable');
        if (failures === 0) logger.warn({ link: name, err: error }, 'RabbitMQ does not accept a connection: retrying');
      }
      await sleep(clock, backoffMs(failures++, RECONNECT_BACKOFF, random), signal).catch(() => {});
    }
  }

  /** Resolves when the connection has ended. */
  async #use(model: ChannelModel): Promise<void> {
    const { clock, config, prepare } = this.#options;
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    model.once('close', (error?: Error) => {
      this.#lastError = brokerError(error ?? new Error('closed'), 'the connection ended');
      resolve();
    });
    try {
      await withDeadline(clock, config.callDeadlineMs, prepare?.(model) ?? Promise.resolve());
      // Closed meanwhile: whoever closes does not know this connection.
      this.#closing.signal.throwIfAborted();
    } catch (error) {
      await disconnect(model, clock);
      throw brokerError(error, 'preparing the connection');
    }
    this.#model = model;
    this.#next.resolve(model);
    await ended;
    this.#model = undefined;
    if (!this.#closing.signal.aborted) {
      this.#next = Promise.withResolvers();
      this.#next.promise.catch(() => {});
    }
    await disconnect(model, clock);
  }

  /** Why there is no connection. */
  unavailable(): ImError {
    return new ImError('bus_unavailable', this.#lastError?.message ?? 'RabbitMQ: not connected', {}, this.#lastError);
  }
}
