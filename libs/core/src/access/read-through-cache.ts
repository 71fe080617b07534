import { BoundedMap, type Clock, ImError } from '@chasqui/domain';
import { Batcher, type Logger, RecentMap, withDeadline } from '@chasqui/kit';

export interface ReadThroughCacheOptions<V> {
  /** Reads values in the order of the keys. */
  read(keys: string[]): Promise<V[]>;
  /** The value of a key that could never be read. */
  unknown: V;
  /** Maximum age of a value, in ms. From half of it on, the value is still used and also read again. */
  freshMs: number;
  /** Deadline of a read, in ms. */
  deadlineMs: number;
  /** Pause of all reads after one failed, in ms. */
  pauseMs: number;
  /** Maximum number of values (C16); the value set longest ago is evicted first. */
  maxEntries: number;
  clock: Clock;
  logger: Logger;
  /** Names the values in logs. */
  what: string;
  /** The words of a key under which its value becomes outdated. Default: its first word. */
  wordsOf?(key: string): readonly string[];
}

interface Known<V> {
  value: V;
  /** Monotonic ms at which the read began: later changes may be missing. */
  askedAt: number;
}

/** Maximum number of outdated groups that are remembered. */
const MAX_OUTDATED = 10_000;
const MAX_BATCH = 500;
const MAX_WAITING = 50_000;

/**
 * A cache for values whose store must not delay callers. Values are read in batches and kept for a short time. While
 * the store is slow or unavailable, the last known value or `unknown` is used (C11).
 */
export class ReadThroughCache<V> {
  readonly #options: ReadThroughCacheOptions<V>;
  readonly #known: BoundedMap<string, Known<V>>;
  readonly #reads: Batcher<string, V>;
  /** By key: callers share the read in flight, so that answers arrive in the order of the calls. */
  readonly #reading = new Map<string, { value: Promise<V>; askedAt: number }>();
  /** By a word of the keys: monotonic ms at which their values became outdated. */
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

  /** Never rejects. Returns the value itself, not a promise, if it is cached and fresh. */
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

  /** The value of a read that begins after this call. Never rejects, like `get`. */
  async latest(key: string): Promise<V> {
    return this.#options.clock.monotonic() < this.#pausedUntil ? this.#last(key) : this.#ask(key);
  }

  /**
   * Marks the values of all keys with this word (see `wordsOf`) as outdated. They are read again before use; if that
   * fails, they are used (C11).
   */
  outdate(word: string): void {
    this.#outdated.set(word, this.#options.clock.monotonic());
  }

  #outdatedAt(key: string): number {
    let last = Number.NEGATIVE_INFINITY;
    if (this.#outdated.size === 0) return last;
    const { wordsOf = firstWord } = this.#options;
    for (const word of wordsOf(key)) last = Math.max(last, this.#outdated.get(word) ?? last);
    return last;
  }

  #read(key: string): Promise<V> {
    const before = this.#reading.get(key);
    if (before !== undefined && before.askedAt > this.#outdatedAt(key)) return before.value;
    // After the read in flight, so that answers stay in the order of the calls.
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

function firstWord(key: string): readonly string[] {
  return [key.slice(0, key.indexOf(' '))];
}
