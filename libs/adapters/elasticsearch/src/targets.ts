import { notSetUp, readIndices } from './indices.ts';
import type { Link } from './link.ts';
import type { Names } from './names.ts';
import type { Patience } from './patience.ts';

/**
 * Maximum age of what a writer knows about where to write, milliseconds. A rebuild relies on it: once its index has
 * existed for this long, every new write goes to it too.
 */
export const TARGETS_MAX_AGE_MS = 2_000;

/** The aliases that a write goes through now: the live one and, during a rebuild, the next one. */
export class Targets {
  readonly #link: Link;
  readonly #names: Names;
  #known: { aliases: readonly string[]; monotonic: number; now: number } | undefined;
  #reading: Promise<void> | undefined;

  constructor(link: Link, names: Names) {
    this.#link = link;
    this.#names = names;
  }

  /** Errors: `search_unavailable` if they cannot be read, or if nothing is set up. */
  async current(patience: Patience): Promise<readonly string[]> {
    for (;;) {
      if (this.#known !== undefined && this.#ageMs(this.#known) < TARGETS_MAX_AGE_MS) return this.#known.aliases;
      this.#reading ??= this.#read(patience).finally(() => {
        this.#reading = undefined;
      });
      await this.#reading;
    }
  }

  /** Invalidates the known targets, which proved wrong. */
  forget(): void {
    this.#known = undefined;
  }

  async #read(patience: Patience): Promise<void> {
    const { clock } = this.#link;
    // The age counts from before the request: the answer may be that old.
    const asked = { monotonic: clock.monotonic(), now: clock.now() };
    const { live, next } = await readIndices(this.#link, this.#names, patience);
    if (live.length === 0) throw notSetUp(this.#names);
    this.#known = { ...asked, aliases: next.length === 0 ? [this.#names.live] : [this.#names.live, this.#names.next] };
  }

  /** By both clocks: the monotonic one stops while the machine is suspended, the wall clock can be set back. */
  #ageMs(since: { monotonic: number; now: number }): number {
    const { clock } = this.#link;
    return Math.max(clock.monotonic() - since.monotonic, Math.abs(clock.now() - since.now));
  }
}
