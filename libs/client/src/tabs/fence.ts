import type { Clock } from '@chasqui/domain';
import type { OpenableDatabase } from '../storing/durable-store.ts';

/**
 * Keeps a leader from writing that was suspended and replaced: others wait longer for its answers than it is certain of
 * itself.
 */
export class Fence {
  readonly #clock: Clock;
  readonly #certainMs: number;
  readonly #leads: () => Promise<boolean>;
  #certainAt: number;
  #asking: Promise<void> | undefined;

  /** `leads`: asks whether the tab still leads. */
  constructor(clock: Clock, certainMs: number, leads: () => Promise<boolean>) {
    this.#clock = clock;
    this.#certainMs = certainMs;
    this.#leads = leads;
    this.#certainAt = clock.monotonic();
  }

  /** Undefined: the tab leads for certain. Else a promise that resolves once it does, and never if it does not. */
  passed(): Promise<void> | undefined {
    const now = this.#clock.monotonic();
    if (this.#asking !== undefined) return this.#asking;
    if (now - this.#certainAt >= this.#certainMs) return this.ask();
    this.#certainAt = now;
    return undefined;
  }

  /** As `passed`, whenever it was last certain. */
  ask(): Promise<void> {
    this.#asking ??= this.#ask();
    return this.#asking;
  }

  async #ask(): Promise<void> {
    if (!(await this.#leads())) await new Promise<never>(() => undefined);
    this.#certainAt = this.#clock.monotonic();
    this.#asking = undefined;
  }
}

/** A database that only the leader writes. */
export function fenced(database: OpenableDatabase, fence: Fence): OpenableDatabase {
  return {
    ...database,
    open(failed) {
      const store = database.open(failed);
      return {
        ...store,
        write: (texts) => fence.passed()?.then(() => store.write(texts)) ?? store.write(texts),
        put(key, value) {
          const doubt = fence.passed();
          if (doubt === undefined) store.put(key, value);
          else void doubt.then(() => store.put(key, value));
        },
      };
    },
  };
}
