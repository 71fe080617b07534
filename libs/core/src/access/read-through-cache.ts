import { BoundedMap, type Clock, ImError } from '@chasqui/domain';
import { Batcher, type Logger, RecentMap, withDeadline } from '@chasqui/kit';

export interface ReadThroughCacheOptions<V> {
  /** Reads values in the order of the keys. */
  read(keys: string[]): Promise<V[]>;
  /** What holds for a key that could never be read. */
  unknown: V;
  /** How old a value may be that is used, in ms. From half of that on it is read again, while the old one still holds. */
  freshMs: number;
  /** The time a read may take, in ms. */
  deadlineMs: number;
  /** After a read failed, none is made for so long, in ms. */
  pauseMs: number;
  /** Values kept (C16); the one set longest ago goes first. */
  maxEntries: number;
  clock: Clock;
  logger: Logger;
  /** For logs. */
  what: string;
}

interface Known<V> {
  value: V;
  /** Monotonic ms of the question: what changed since may be missing. */
  askedAt: number;
}

/** Groups whose values were outdated and that are remembered. */
const MAX_OUTDATED = 10_000;
const MAX_BATCH = 500;
const MAX_WAITING = 50_000;

/**
 * Values of a store that nothing may wait for: read in batches, kept for a short time, and where the store is slow or away
 * the last value known stands, or the one for the unknown (C11).
 */
export class ReadThroughCache<V> {
  readonly #options: ReadThroughCacheOptions<V>;
  readonly #known: BoundedMap<string, Known<V>>;
  readonly #reads: Batcher<string, V>;
  /** By key: who asks while it is being read waits for the same read, so that answers come in the order of the questions. */
  readonly #reading = new Map<string, { value: Promise<V>; askedAt: number }>();
  /** By what keys begin with: monotonic ms of when their values became void. */
  readonly #outdated = new RecentMap<string, number>(MAX_OUTDATED);
  #pausedUntil = Number.NEGATIVE_INFINITY;

  constructor(options: ReadThroughCacheOptions<V>) {
    const { clock, deadlineMs } = options;
    this.#options = options;
    this.#known = new BoundedMap(options.maxEntries);
    this.#reads = new Batcher({
      maxItems: MAX_BATCH,
      maxWaiting: MAX_WAITING,
      full: () => new ImError('overloaded', `too many calls wait for ${options.what}`),
      run: (keys) => withDeadline(clock, deadlineMs, options.read(keys)),
    });
  }

  /** Never rejects. A value itself, not a promise, where it is known and fresh. */
  get(key: string): V | Promise<V> {
    const { clock, freshMs } = this.#options;
    const now = clock.monotonic();
    const known = this.#known.get(key);
    const age = known === undefined ? Number.POSITIVE_INFINITY : now - known.askedAt;
    if (known !== undefined && age < freshMs && known.askedAt > this.#outdatedAt(key)) {
      if (age >= freshMs / 2 && now >= this.#pausedUntil) void this.#read(key);
      return known.value;
    }
    return now < this.#pausedUntil && !this.#reading.has(key) ? this.#last(key) : this.#read(key);
  }

  /** What the store says from now on, not before: the value of a read that begins after this call. Never rejects, as `get`. */
  async latest(key: string): Promise<V> {
    return this.#options.clock.monotonic() < this.#pausedUntil ? this.#last(key) : this.#ask(key);
  }

  /**
   * What is known of every key whose first word this is holds no more, and is read again before it is used; it stands where
   * that fails (C11).
   */
  outdate(firstWord: string): void {
    this.#outdated.set(firstWord, this.#options.clock.monotonic());
  }

  #outdatedAt(key: string): number {
    if (this.#outdated.size === 0) return Number.NEGATIVE_INFINITY;
    return this.#outdated.get(key.slice(0, key.indexOf(' '))) ?? Number.NEGATIVE_INFINITY;
  }

  #read(key: string): Promise<V> {
    const before = this.#reading.get(key);
    if (before !== undefined && before.askedAt > this.#outdatedAt(key)) return before.value;
    // Behind the read that is under way, so that answers stay in the order of the questions.
    const asked = before === undefined ? this.#ask(key) : before.value.then(() => this.#ask(key));
    const value = asked.finally(() => {
      if (this.#reading.get(key)?.value === value) this.#reading.delete(key);
    });
    this.#reading.set(key, { value, askedAt: this.#options.clock.monotonic() });
    return value;
  }

  #ask(key: string): Promise<V> {
    const askedAt = this.#options.clock.monotonic();
    return this.#reads.add(key).then(
      (value) => this.#keep(key, value, askedAt),
      (error) => {
        this.#pause(error);
        return this.#last(key);
      },
    );
  }

  #last(key: string): V {
    const known = this.#known.get(key);
    return known === undefined ? this.#options.unknown : known.value;
  }

  #keep(key: string, value: V, askedAt: number): V {
    this.#known.set(key, { value, askedAt });
    return value;
  }

  #pause(error: unknown): void {
    const { clock, pauseMs, logger, what } = this.#options;
    if (clock.monotonic() < this.#pausedUntil) return;
    this.#pausedUntil = clock.monotonic() + pauseMs;
    logger.warn({ err: error }, `${what} cannot be read: using the last known values`);
  }
}
