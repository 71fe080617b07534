import type { Clock, Random } from '@chasqui/domain';
import { backoffMs, sleep } from '@chasqui/kit';
import type { HooksSettings } from './settings.ts';

export interface EndpointGateOptions {
  clock: Clock;
  random: Random;
  settings: Pick<HooksSettings, 'pause' | 'pauseAfter'>;
}

/**
 * Holds back the requests to an endpoint at which nothing succeeds, or that asked for a pause: then one request at a
 * time tries whether it works again.
 */
export class EndpointGate {
  readonly #options: EndpointGateOptions;
  /** Failures in a row. */
  #failures = 0;
  /** Monotonic ms. */
  #closedUntil = 0;
  /** The end of the request that tries. */
  #trial: Promise<void> | undefined;

  constructor(options: EndpointGateOptions) {
    this.#options = options;
  }

  get isFailing(): boolean {
    return this.#failures >= this.#options.settings.pauseAfter;
  }

  /** Makes the request once it may be made. Rejects when `signal` is aborted. */
  async run<T>(signal: AbortSignal, request: () => Promise<T>): Promise<T> {
    const { clock } = this.#options;
    for (;;) {
      signal.throwIfAborted();
      const closedMs = this.#closedUntil - clock.monotonic();
      if (closedMs > 0) await sleep(clock, closedMs, signal);
      else if (!this.isFailing) return request();
      else if (this.#trial !== undefined) await this.#trial;
      else return this.#try(request);
    }
  }

  succeeded(): void {
    this.#failures = 0;
    this.#closedUntil = 0;
  }

  /** `afterMs`: the receiver asked for a pause. */
  failed(afterMs = 0): void {
    const { clock, random, settings } = this.#options;
    this.#failures++;
    const over = this.#failures - settings.pauseAfter;
    const pauseMs = over < 0 ? 0 : backoffMs(over, settings.pause, random);
    this.#closedUntil = Math.max(this.#closedUntil, clock.monotonic() + Math.max(afterMs, pauseMs));
  }

  async #try<T>(request: () => Promise<T>): Promise<T> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#trial = promise;
    try {
      return await request();
    } finally {
      this.#trial = undefined;
      resolve();
    }
  }
}
