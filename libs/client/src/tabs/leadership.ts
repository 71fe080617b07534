/** The part of the browser's `navigator.locks` that is used. */
export interface TabLocks {
  request(
    name: string,
    options: { signal?: AbortSignal; steal?: boolean },
    held: () => Promise<void>,
  ): Promise<unknown>;
  query(): Promise<{ held?: { name?: string; clientId?: string }[] }>;
}

/** One tab at a time leads: the one that holds a lock. The browser gives it to the next when the tab ends. */
export class Leadership {
  readonly #locks: TabLocks;
  readonly #name: string;
  readonly #lead: (lost: AbortSignal) => Promise<void>;
  #waiting = new AbortController();
  #holder: string | undefined;
  #isOver = false;

  /** `lead`: called while the tab leads, until its promise settles; `lost`: another tab has taken the lead. */
  constructor(locks: TabLocks, name: string, lead: (lost: AbortSignal) => Promise<void>) {
    this.#locks = locks;
    this.#name = name;
    this.#lead = lead;
  }

  /** Waits for its turn. */
  wait(): void {
    this.#waiting = new AbortController();
    this.#request({ signal: this.#waiting.signal });
  }

  /** Takes the lead from a tab that does not answer. */
  take(): void {
    this.#waiting.abort();
    this.#request({ steal: true });
  }

  /** Whether this tab still leads: one that was suspended may not know. */
  async isHeld(): Promise<boolean> {
    return this.#holder !== undefined && (await this.#holderNow()) === this.#holder;
  }

  /** Does not wait any more. A tab that leads does so until it is done. */
  end(): void {
    this.#isOver = true;
    this.#waiting.abort();
  }

  #request(options: { signal?: AbortSignal; steal?: boolean }): void {
    const lost = new AbortController();
    let wasHeld = false;
    const held = async () => {
      wasHeld = true;
      this.#holder = await this.#holderNow();
      if (!lost.signal.aborted) await this.#lead(lost.signal);
    };
    this.#locks.request(this.#name, options, held).catch(() => {
      lost.abort();
      if (wasHeld && !this.#isOver) this.wait();
    });
  }

  async #holderNow(): Promise<string | undefined> {
    const { held = [] } = await this.#locks.query();
    return held.find(({ name }) => name === this.#name)?.clientId;
  }
}
