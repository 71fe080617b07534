import type { Clock, Random } from '@chasqui/domain';
import { backoffMs } from '@chasqui/kit';
import type { PushSettings } from './settings.ts';

export interface ProviderGateOptions {
  clock: Clock;
  random: Random;
  settings: Pick<PushSettings, 'maxInFlight' | 'pause'>;
}

/** Limits the requests in flight to one provider, and admits none while the provider cannot serve anybody. */
export class ProviderGate {
  readonly #options: ProviderGateOptions;
  #inFlight = 0;
  #failures = 0;
  /** Monotonic ms. */
  #closedUntil = 0;

  constructor(options: ProviderGateOptions) {
    this.#options = options;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /**
   * Returns 0 if the request may be made, in which case `leave` must follow; else the ms to wait before asking again.
   * `isBulk`: one of many about one message. They take no more than half of the requests in flight, so that a large group
   * delays nobody else's notifications.
   */
  enter(isBulk: boolean): number {
    const { clock, random, settings } = this.#options;
    const closedMs = this.#closedUntil - clock.monotonic();
    // Jitter, so that waiting requests do not all start at once when the gate opens.
    if (closedMs > 0) return closedMs + random() * settings.pause.initialMs;
    const max = isBulk ? settings.maxInFlight / 2 : settings.maxInFlight;
    if (this.#inFlight >= max) return settings.pause.initialMs * (1 + random());
    this.#inFlight++;
    return 0;
  }

  /**
   * Ends a request with what its answer says about the provider: it works, or it does not, for `pauseMs` if it gave a
   * time.
   */
  leave(serves: boolean, pauseMs?: number): void {
    const { clock, random, settings } = this.#options;
    this.#inFlight--;
    if (serves) {
      this.#failures = 0;
      return;
    }
    const wait = pauseMs ?? backoffMs(this.#failures++, settings.pause, random);
    this.#closedUntil = Math.max(this.#closedUntil, clock.monotonic() + wait);
  }
}
