import { type Clock, ImError, type Random } from '@chasqui/domain';
import type { BusDelivery, ConsumeOptions, DeadLetter } from '@chasqui/ports';
import type { ShardLog } from './shard-log.ts';

const FIRST_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 10_000;
const DEFAULT_MAX_BATCH = 64;

/** A shard that a member holds. */
interface Lease {
  shard: number;
  from: number;
  count: number;
  /** The member fell silent and lost the shard: its results are ignored. */
  lost: boolean;
}

/** A group's position in one shard. */
interface Cursor {
  /** Everything below is done. */
  next: number;
  /** Everything below has been handed out at least once. */
  handedOut: number;
  /** Below this, messages are handed out one by one, as one of them can never succeed. */
  singlyUntil: number;
  /** Consecutive failures. */
  failures: number;
  /** A member holds the shard, or it waits for the end of its back-off. */
  busy: boolean;
}

/** One consumer of a group. */
export interface Member {
  readonly options: ConsumeOptions;
  readonly leases: Set<Lease>;
  /** Called when the last lease ends. */
  idle: () => void;
}

export interface BusGroupOptions {
  topic: string;
  name: string;
  logs: readonly ShardLog[];
  clock: Clock;
  random: Random;
  /** How long a silent member keeps its shards, ms. */
  silenceMs: number;
  /** A cursor moved: messages that every group has done may be dropped. */
  moved: (shard: number) => void;
  buried: (letter: DeadLetter) => void;
}

/** A consumer group on one topic: gives each shard to one member at a time. */
export class BusGroup {
  readonly #options: BusGroupOptions;
  readonly #cursors: Cursor[];
  /** Shards with work that no member handles, longest waiting first. */
  readonly #ready = new Set<number>();
  readonly #members = new Set<Member>();
  #dispatching = false;

  constructor(options: BusGroupOptions) {
    this.#options = options;
    this.#cursors = options.logs.map(({ oldest }) => ({
      next: oldest,
      handedOut: oldest,
      singlyUntil: oldest,
      failures: 0,
      busy: false,
    }));
    for (const shard of options.logs.keys()) this.wake(shard);
  }

  /** The offset below which the group has done everything. */
  done(shard: number): number {
    return this.#cursor(shard).next;
  }

  join(options: ConsumeOptions): Member {
    const member = { options, leases: new Set<Lease>(), idle: () => {} };
    this.#members.add(member);
    this.#dispatchSoon();
    return member;
  }

  /** Gives the member no further work; resolves when it has finished its current work. */
  async leave(member: Member): Promise<void> {
    this.#members.delete(member);
    if (member.leases.size > 0) await new Promise<void>((resolve) => (member.idle = resolve));
  }

  /** The member's process died or froze: its shards are released after the silence. */
  silence(member: Member): void {
    this.#members.delete(member);
    for (const lease of member.leases) {
      lease.lost = true;
      this.#options.clock.after(this.#options.silenceMs, () => this.#release(lease.shard));
    }
  }

  /** The shard may have work. */
  wake(shard: number): void {
    const cursor = this.#cursor(shard);
    if (cursor.busy || cursor.next >= this.#log(shard).head) return;
    this.#ready.add(shard);
    this.#dispatchSoon();
  }

  #dispatchSoon(): void {
    if (this.#dispatching) return;
    this.#dispatching = true;
    // In a microtask, so that everything published in the same turn is in one batch.
    queueMicrotask(() => {
      this.#dispatching = false;
      for (const shard of this.#ready) {
        const member = this.#leastBusy();
        if (member === undefined) return;
        this.#ready.delete(shard);
        void this.#hand(shard, member);
      }
    });
  }

  #leastBusy(): Member | undefined {
    let best: Member | undefined;
    for (const member of this.#members) {
      if (member.leases.size >= (member.options.concurrency ?? Number.POSITIVE_INFINITY)) continue;
      if (best === undefined || member.leases.size < best.leases.size) best = member;
    }
    return best;
  }

  async #hand(shard: number, member: Member): Promise<void> {
    const cursor = this.#cursor(shard);
    const limit = cursor.next < cursor.singlyUntil ? 1 : (member.options.maxBatch ?? DEFAULT_MAX_BATCH);
    const batch = this.#deliveries(shard, limit);
    const lease = { shard, from: cursor.next, count: batch.length, lost: false };
    member.leases.add(lease);
    cursor.busy = true;
    cursor.handedOut = Math.max(cursor.handedOut, lease.from + lease.count);
    let failure: { error: unknown } | undefined;
    try {
      await member.options.handle(batch);
    } catch (error) {
      failure = { error };
    }
    if (!lease.lost) this.#settle(lease, batch, failure);
    member.leases.delete(lease);
    if (member.leases.size === 0) member.idle();
    this.#dispatchSoon();
  }

  #deliveries(shard: number, limit: number): BusDelivery[] {
    const cursor = this.#cursor(shard);
    return this.#log(shard)
      .slice(cursor.next, limit)
      .map(({ offset, body, publishedAt }) => ({
        id: String(offset),
        topic: this.#options.topic,
        shard,
        body,
        redelivered: offset < cursor.handedOut,
        publishedAt,
      }));
  }

  #settle(lease: Lease, batch: readonly BusDelivery[], failure: { error: unknown } | undefined): void {
    const cursor = this.#cursor(lease.shard);
    const hopeless = failure?.error instanceof ImError && failure.error.retry === 'never' ? failure.error : undefined;
    const [only, second] = batch;
    if (failure !== undefined && hopeless === undefined) {
      this.#options.clock.after(this.#backoff(++cursor.failures), () => this.#release(lease.shard));
      return;
    }
    cursor.failures = 0;
    if (hopeless !== undefined && second !== undefined) {
      cursor.singlyUntil = lease.from + lease.count;
    } else {
      if (hopeless !== undefined && only !== undefined) this.#bury(only, hopeless);
      cursor.next = lease.from + lease.count;
      this.#options.moved(lease.shard);
    }
    this.#release(lease.shard);
  }

  #bury(delivery: BusDelivery, error: ImError): void {
    const { name, clock, buried } = this.#options;
    buried({ ...delivery, group: name, error: `${error.code}: ${error.message}`, at: clock.now() });
  }

  #release(shard: number): void {
    this.#cursor(shard).busy = false;
    this.wake(shard);
  }

  /** Doubles from 100 ms to 10 s, plus up to a fifth, so that many shards do not retry at once. */
  #backoff(failures: number): number {
    const exact = FIRST_BACKOFF_MS * 2 ** Math.min(failures - 1, 16);
    return Math.min(MAX_BACKOFF_MS, exact * (1 + this.#options.random() / 5));
  }

  #cursor(shard: number): Cursor {
    return this.#cursors[shard] as Cursor;
  }

  #log(shard: number): ShardLog {
    return this.#options.logs[shard] as ShardLog;
  }
}
