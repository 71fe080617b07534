import type { Clock } from '@chasqui/domain';

/**
 * A shard with work but without progress for this long is stalled, in ms. Back-offs between attempts are at most 10 s.
 */
export const STALL_MS = 30_000;
/** A shard that this process has not received for this long belongs to another process, in ms. */
const LEFT_MS = 60_000;

interface Work {
  /** Failed attempts since the last progress. */
  failures: number;
  /** Monotonic ms of the last progress. */
  since: number;
  /** Monotonic ms of the last attempt, and whether it is still running. */
  triedAt: number;
  running: boolean;
}

/**
 * Tracks which shards of a topic have work in this process, and since when they have made no progress. At most one
 * entry per shard.
 */
export class ShardProgress {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #work = new Map<number, Work>();

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  begin(shard: number): void {
    const now = this.#clock.monotonic();
    const known = this.#work.get(shard);
    if (known === undefined || this.#isLeft(known, now)) {
      this.#work.set(shard, { failures: 0, since: now, triedAt: now, running: true });
      return;
    }
    known.triedAt = now;
    known.running = true;
  }

  /** Part of the current work is done. */
  moved(shard: number): void {
    const work = this.#work.get(shard);
    if (work !== undefined) work.since = this.#clock.monotonic();
  }

  done(shard: number): void {
    this.#work.delete(shard);
  }

  failed(shard: number): void {
    const work = this.#work.get(shard);
    if (work === undefined) return;
    work.failures++;
    work.running = false;
    work.triedAt = this.#clock.monotonic();
  }

  /** Number of consecutive failures of the current work. */
  failures(shard: number): number {
    return this.#work.get(shard)?.failures ?? 0;
  }

  /** Stalled shards, and for how many ms. */
  stalled(): { shard: number; forMs: number }[] {
    const now = this.#clock.monotonic();
    const stalled: { shard: number; forMs: number }[] = [];
    for (const [shard, work] of this.#work) {
      if (this.#isLeft(work, now)) this.#work.delete(shard);
      else if (now - work.since >= STALL_MS) stalled.push({ shard, forMs: now - work.since });
    }
    return stalled;
  }

  #isLeft({ running, triedAt }: Work, now: number): boolean {
    return !running && now - triedAt >= LEFT_MS;
  }
}
