import type { Clock, Random } from '@chasqui/domain';
import { backoffMs } from '@chasqui/kit';
import type { PushSettings } from './settings.ts';

export interface ProviderGateOptions {
  clock: Clock;
  random: Random;
  settings: Pick<PushSettings, 'maxInFlight' | 'pause'>;
}

/** Lets a bounded number of requests through to one provider, and none while it cannot serve anybody. */
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

  /** 0: the request may be made, and `leave` must follow it; else how many ms to wait before asking again. */
  enter(): number {
    const { clock, random, settings } = this.#options;
    const closedMs = this.#closedUntil - clock.monotonic();
    // Not all at once when it opens.
    if (closedMs > 0) return closedMs + random() * settings.pause.initialMs;
    if (this.#inFlight >= settings.maxInFlight) return settings.pause.initialMs * (1 + random());
    this.#inFlight++;
    return 0;
  }

  /** What the answer says of the provider: it serves, or it does not, for `pauseMs` if it said so. */
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
