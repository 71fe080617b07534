import { type Clock, ImError, type Timer } from '@chasqui/domain';

/** Which bounds a queue has. */
export interface FairQueueOptions {
  /** Pieces of work at once. */
  max: number;
  /** Pieces that wait, in all and of one owner. */
  maxWaiting: number;
  maxWaitingEach: number;
  /** How long one may wait, ms. */
  maxWaitMs: number;
  /** How long a piece is assumed to take before one was measured, ms. */
  firstGuessMs: number;
  /** In words, for whoever is refused. */
  refusal: string;
}

/** For whom a piece of work is done. */
export interface Asker {
  /** Whose line it waits in: a user, or a network that limits count as one client (`networkOf`). */
  owner: string;
  /** Aborted when nobody awaits the answer any more. */
  signal?: AbortSignal;
}

/** One waiting piece of work. */
interface Waiting {
  start(): void;
  /** Removes it from the queue and makes it fail with `overloaded`. */
  refuse(): void;
}

/** The weight of the newest duration in the mean. */
const NEWEST = 0.2;

/**
 * Runs pieces of work, a few in parallel, in fair order. Each owner has its own line and the lines take turns; the line
 * of an owner who had no turn lately comes first (as new flows do in FQ-CoDel, RFC 8290), so that a flood of some owners
 * delays another by the running piece. Bounded in number (in total and per owner) and in time: what would wait longer
 * than `maxWaitMs` is refused at once, and what did wait that long is refused then. If all places are taken, the longest
 * line gives one up to a shorter one.
 */
export class FairQueue {
  readonly #options: FairQueueOptions;
  readonly #clock: Clock;
  /** Lines of owners who had no turn lately, in the order of their turns; no line is empty. They come first. */
  readonly #fresh = new Map<string, Waiting[]>();
  /** The others. A line that is empty keeps its turn until it comes, or nothing waits. */
  readonly #lines = new Map<string, Waiting[]>();
  #waiting = 0;
  #running = 0;
  #meanMs: number;

  constructor(options: FairQueueOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
    this.#meanMs = options.firstGuessMs;
  }

  /** Errors: `overloaded` with `retryAfterMs`; those of `work`. */
  async run<T>(asker: Asker, work: () => Promise<T>): Promise<T> {
    if (asker.signal?.aborted) throw this.#overloaded(0);
    if (this.#running < this.#options.max) {
      this.#running++;
      this.#hadTurn(asker.owner, []);
    }
    // The piece of work that ends passes its place on, so `running` does not change.
    else await this.#turn(asker);
    const startedAt = this.#clock.monotonic();
    try {
      return await work();
    } finally {
      // Capped: a piece that hung says little of the others.
      const tookMs = Math.min(this.#clock.monotonic() - startedAt, this.#options.maxWaitMs);
      this.#meanMs += NEWEST * (tookMs - this.#meanMs);
      this.#next();
    }
  }

  #next(): void {
    for (const ring of [this.#fresh, this.#lines]) {
      for (const [owner, line] of ring) {
        ring.delete(owner);
        const first = line.shift();
        if (first === undefined) continue;
        this.#waiting--;
        this.#hadTurn(owner, line);
        first.start();
        return;
      }
    }
    this.#running--;
  }

  /** Moves the line behind all others. */
  #hadTurn(owner: string, line: Waiting[]): void {
    this.#lines.delete(owner);
    this.#lines.set(owner, line);
    for (const [other, { length }] of this.#lines) {
      if (this.#lines.size <= 2 * this.#options.maxWaiting) break;
      if (length === 0) this.#lines.delete(other);
    }
  }

  #turn({ owner, signal }: Asker): Promise<void> {
    const { maxWaiting, maxWaitingEach, maxWaitMs } = this.#options;
    const known = this.#fresh.get(owner) ?? this.#lines.get(owner);
    const line = known ?? [];
    const expectedMs = this.#waitMs(owner, line.length);
    if (line.length >= maxWaitingEach) throw this.#overloaded(expectedMs);
    if (expectedMs > maxWaitMs) throw this.#overloaded(expectedMs - maxWaitMs);
    if (this.#waiting >= maxWaiting) this.#makeRoom(line.length + 1, expectedMs);
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
          this.#remove(owner, waiting);
          reject(this.#overloaded(this.#meanMs));
        },
      };
      timer = this.#clock.after(maxWaitMs, waiting.refuse);
      signal?.addEventListener('abort', waiting.refuse);
      line.push(waiting);
      if (known === undefined) this.#fresh.set(owner, line);
      this.#waiting++;
    });
  }

  /**
   * How long the owner's next piece would wait if none were added: the running one, those of its line, and the turns of
   * the other lines.
   */
  #waitMs(owner: string, own: number): number {
    let before = 1 + own;
    for (const [other, { length }] of this.#fresh) if (other !== owner) before += Math.min(length, own + 1);
    let isAhead = this.#lines.has(owner);
    for (const [other, { length }] of this.#lines) {
      if (other === owner) isAhead = false;
      else before += Math.min(length, isAhead ? own + 1 : own);
    }
    return (before * this.#meanMs) / this.#options.max;
  }

  /** Errors: `overloaded` if no line is longer than the new piece's line would be. */
  #makeRoom(lengthThen: number, waitMs: number): void {
    let longest: Waiting[] = [];
    for (const ring of [this.#fresh, this.#lines]) {
      for (const line of ring.values()) if (line.length > longest.length) longest = line;
    }
    if (longest.length <= lengthThen) throw this.#overloaded(waitMs);
    longest.at(-1)?.refuse();
  }

  #remove(owner: string, waiting: Waiting): void {
    const line = this.#fresh.get(owner) ?? this.#lines.get(owner);
    const at = line?.indexOf(waiting) ?? -1;
    if (line === undefined || at === -1) return;
    line.splice(at, 1);
    this.#waiting--;
    if (line.length === 0) this.#fresh.delete(owner);
  }

  #overloaded(waitMs: number): ImError {
    return new ImError('overloaded', this.#options.refusal, { retryAfterMs: Math.max(1_000, Math.ceil(waitMs)) });
  }
}
