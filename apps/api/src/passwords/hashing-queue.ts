import { type Clock, ImError, type Timer } from '@chasqui/domain';
import type { ApiSettings } from '../settings.ts';

export type HashingSettings = Pick<
  ApiSettings,
  'maxHashing' | 'maxWaitingToHash' | 'maxWaitingToHashPerAddress' | 'maxHashingWaitMs'
>;

/** The client that waits for a hash. */
export interface Asker {
  /** The network that limits count as one client (`networkOf`). */
  network: string;
  /** Aborted when nobody awaits the answer any more. */
  signal?: AbortSignal;
}

/** One waiting piece of work. */
interface Waiting {
  start(): void;
  /** Removes it from the queue and makes it fail with `overloaded`. */
  refuse(): void;
}

/** The assumed duration of a hash before one was measured, in ms, and the weight of the newest in the mean. */
const FIRST_GUESS_MS = 300;
const NEWEST = 0.2;

/**
 * Runs hashes, a few in parallel, in fair order. Each network has its own line and the lines take turns, so that a
 * flood from one address delays others by the running hash and one more. Bounded in number (in total and per network)
 * and in time: a hash that would wait longer than `maxHashingWaitMs` is refused at once, and one that did wait that
 * long is refused then. If all places are taken, the longest line gives one up to a shorter one.
 */
export class HashingQueue {
  readonly #settings: HashingSettings;
  readonly #clock: Clock;
  /** In the order of their turns; no line is empty. */
  readonly #lines = new Map<string, Waiting[]>();
  #waiting = 0;
  #running = 0;
  #meanMs = FIRST_GUESS_MS;

  constructor(settings: HashingSettings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
  }

  /** Errors: `overloaded` with `retryAfterMs`; those of `work`. */
  async run<T>(asker: Asker, work: () => Promise<T>): Promise<T> {
    if (asker.signal?.aborted) throw overloaded(0);
    if (this.#running < this.#settings.maxHashing) this.#running++;
    // The piece of work that ends passes its place on, so `running` does not change.
    else await this.#turn(asker);
    const startedAt = this.#clock.monotonic();
    try {
      return await work();
    } finally {
      this.#meanMs += NEWEST * (this.#clock.monotonic() - startedAt - this.#meanMs);
      this.#next();
    }
  }

  #next(): void {
    const [turn] = this.#lines;
    if (turn === undefined) {
      this.#running--;
      return;
    }
    const [network, line] = turn;
    const first = line.shift();
    this.#waiting--;
    // Moves the line to the end of the ring, behind all others that wait.
    this.#lines.delete(network);
    if (line.length > 0) this.#lines.set(network, line);
    first?.start();
  }

  #turn({ network, signal }: Asker): Promise<void> {
    const { maxWaitingToHash, maxWaitingToHashPerAddress, maxHashingWaitMs } = this.#settings;
    const line = this.#lines.get(network) ?? [];
    if (line.length >= maxWaitingToHashPerAddress) throw overloaded(this.#waitMs(line.length));
    if (this.#waitMs(line.length) > maxHashingWaitMs) throw overloaded(this.#waitMs(line.length) - maxHashingWaitMs);
    if (this.#waiting >= maxWaitingToHash) this.#makeRoom(line.length + 1);
    return new Promise((resolve, reject) => {
      let timer: Timer | undefined;
      const settled = () => {
        timer?.cancel();
        signal?.removeEventListener('abort', waiting.refuse);
      };
      const waiting: Waiting = {
        start() {
          settled();
          resolve();
        },
        refuse: () => {
          settled();
          this.#remove(network, waiting);
          reject(overloaded(this.#meanMs));
        },
      };
      timer = this.#clock.after(maxHashingWaitMs, waiting.refuse);
      signal?.addEventListener('abort', waiting.refuse);
      line.push(waiting);
      this.#lines.set(network, line);
      this.#waiting++;
    });
  }

  /**
   * How long the next hash of a line of that length would wait if none were added: the running one, and its turn in
   * each line.
   */
  #waitMs(ownLength: number): number {
    let before = 1;
    for (const line of this.#lines.values()) before += Math.min(line.length, ownLength + 1);
    return (before * this.#meanMs) / this.#settings.maxHashing;
  }

  /** Errors: `overloaded` if no line is longer than the new hash's line would be. */
  #makeRoom(lengthThen: number): void {
    let longest: Waiting[] = [];
    for (const line of this.#lines.values()) if (line.length > longest.length) longest = line;
    if (longest.length <= lengthThen) throw overloaded(this.#waitMs(lengthThen));
    longest.at(-1)?.refuse();
  }

  #remove(network: string, waiting: Waiting): void {
    const line = this.#lines.get(network);
    const at = line?.indexOf(waiting) ?? -1;
    if (line === undefined || at === -1) return;
    line.splice(at, 1);
    this.#waiting--;
    if (line.length === 0) this.#lines.delete(network);
  }
}

function overloaded(waitMs: number): ImError {
  return new ImError('overloaded', 'too many log-ins at once', { retryAfterMs: Math.max(1_000, Math.ceil(waitMs)) });
}
