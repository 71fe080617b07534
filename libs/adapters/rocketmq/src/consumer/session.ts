import { type Clock, ImError, type Timer } from '@chasqui/domain';
import type { ClientDuplexStream } from '@grpc/grpc-js';
import type { BusProxy } from '../proxy/bus-proxy.ts';
import type { Subscription } from '../proxy/exchange.ts';
import { METHODS, SIMPLE_CONSUMER, secondsOf, TAG_FILTER, type TelemetryCommand } from '../proxy/wire.ts';

/** The proxy forgets a client that is silent for a minute. */
const HEARTBEAT_MS = 10_000;
const HEARTBEAT_DEADLINE_MS = 3_000;
const OPEN_DEADLINE_MS = 3_000;
/** Deliveries after which the proxy would give up a message: never. */
const UNLIMITED = 1_000_000_000;

export interface SessionOptions {
  proxy: BusProxy;
  clock: Clock;
  subscription: Subscription;
  pollMs: number;
  /** Called once when the proxy is gone, or has forgotten us. */
  lost: (error: ImError) => void;
}

/**
 * What a proxy must know of a consumer before it receives: a stream and heartbeats keep it up to date while the session
 * is open. We also declare that the group is ordered: otherwise a proxy that cannot read the group at that moment would
 * deliver messages in any order.
 */
export class ConsumerSession implements Disposable {
  readonly #options: SessionOptions;
  readonly #stream: ClientDuplexStream<TelemetryCommand, TelemetryCommand>;
  #heartbeat: Timer | undefined;
  #closed = false;

  private constructor(options: SessionOptions) {
    this.#options = options;
    this.#stream = options.proxy.channel.duplex(METHODS.telemetry, options.subscription.clientId);
  }

  /** Errors: `bus_unavailable` if the proxy does not accept us within 3 s. */
  static async open(options: SessionOptions): Promise<ConsumerSession> {
    const session = new ConsumerSession(options);
    try {
      await session.#introduce();
      return session;
    } catch (error) {
      session[Symbol.dispose]();
      throw error;
    }
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    this.#heartbeat?.cancel();
    this.#stream.end();
    this.#stream.cancel();
  }

  #introduce(): Promise<void> {
    const { clock, proxy } = this.#options;
    return new Promise((resolve, reject) => {
      const late = new ImError('bus_unavailable', 'RocketMQ: its proxy does not answer');
      const timer = clock.after(OPEN_DEADLINE_MS, () => reject(late));
      const gone = (error: ImError): void => {
        timer.cancel();
        reject(error);
        this.#lose(error);
      };
      this.#stream.on('data', ({ settings }: TelemetryCommand) => {
        if (settings === undefined) return;
        timer.cancel();
        this.#heartbeat ??= clock.after(HEARTBEAT_MS, () => void this.#beat());
        resolve();
      });
      this.#stream.on('error', (error) => gone(proxy.channel.unavailable(error)));
      this.#stream.on('end', () => gone(new ImError('bus_unavailable', 'RocketMQ: its proxy ended the session')));
      this.#stream.write({ settings: this.#settings() });
    });
  }

  #settings(): NonNullable<TelemetryCommand['settings']> {
    const { subscription, pollMs } = this.#options;
    const expression = { type: TAG_FILTER, expression: '*' };
    return {
      clientType: SIMPLE_CONSUMER,
      backoffPolicy: { maxAttempts: UNLIMITED },
      requestTimeout: secondsOf(HEARTBEAT_DEADLINE_MS),
      subscription: {
        group: { name: subscription.group },
        subscriptions: [{ topic: { name: subscription.topic }, expression }],
        fifo: true,
        longPollingTimeout: secondsOf(pollMs),
      },
    };
  }

  async #beat(): Promise<void> {
    const { proxy, subscription, clock } = this.#options;
    try {
      await proxy.heartbeat(subscription, HEARTBEAT_DEADLINE_MS);
      if (!this.#closed) this.#heartbeat = clock.after(HEARTBEAT_MS, () => void this.#beat());
    } catch (error) {
      this.#lose(ImError.from(error));
    }
  }

  #lose(error: ImError): void {
    if (this.#closed) return;
    this[Symbol.dispose]();
    this.#options.lost(error);
  }
}
