import { notSetUp, readIndices } from './indices.ts';
import type { Link } from './link.ts';
import type { Names } from './names.ts';
import type { Patience } from './patience.ts';

/**
 * A writer never goes by what it learned longer ago than this about where to write, milliseconds. A rebuild relies on it:
 * once its index has been there for this long, every write that begins goes to that too.
 */
export const TARGETS_MAX_AGE_MS = 2_000;

/** The aliases through which a write goes now: the live one and, during a rebuild, the next one. */
export class Targets {
  readonly #link: Link;
  readonly #names: Names;
  #known: { aliases: readonly string[]; monotonic: number; now: number } | undefined;
  #reading: Promise<void> | undefined;

  constructor(link: Link, names: Names) {
    this.#link = link;
    this.#names = names;
  }

  /** Errors: `search_unavailable` when they cannot be learned, or nothing is set up. */
  async current(patience: Patience): Promise<readonly string[]> {
    for (;;) {
      if (this.#known !== undefined && this.#ageMs(this.#known) < TARGETS_MAX_AGE_MS) return this.#known.aliases;
      this.#reading ??= this.#read(patience).finally(() => {
        this.#reading = undefined;
      });
      await this.#reading;
    }
  }

  /** What is known has proved wrong. */
  forget(): void {
    this.#known = undefined;
  }

  async #read(patience: Patience): Promise<void> {
    const { clock } = this.#link;
    // From before the question on: the answer may be as old as that.
    const asked = { monotonic: clock.monotonic(), now: clock.now() };
    const { live, next } = await readIndices(this.#link, this.#names, patience);
    if (live.length === 0) throw notSetUp(this.#names);
    this.#known = { ...asked, aliases: next.length === 0 ? [this.#names.live] : [this.#names.live, this.#names.next] };
  }

  /** By both clocks: the monotonic one stands still with a suspended machine, the other one can be set back. */
  #ageMs(since: { monotonic: number; now: number }): number {
    const { clock } = this.#link;
    return Math.max(clock.monotonic() - since.monotonic, Math.abs(clock.now() - since.now));
  }
}
