import type { Clock } from '@chasqui/domain';

/** A shard with work that gets nothing done for so long is stalled, ms. Back-offs between tries are at most 10 s. */
export const STALL_MS = 30_000;
/** A shard that was not handed to this process for so long is another's, ms. */
const LEFT_MS = 60_000;

interface Work {
  /** Failed tries since something was done. */
  failures: number;
  /** Monotonic ms since which nothing was done. */
  since: number;
  /** Monotonic ms of the last try, and whether it goes on. */
  triedAt: number;
  running: boolean;
}

/** Which shards of a topic have work in this process's hands, and how long nothing of it was done. One entry a shard at most. */
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

  /** A part of the work at hand is done. */
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

  /** How often what is at hand was tried in vain, in a row. */
  failures(shard: number): number {
    return this.#work.get(shard)?.failures ?? 0;
  }

  /** Shards that do not move, and since when in ms. */
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
