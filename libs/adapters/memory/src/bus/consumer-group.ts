import { type Clock, ImError, type Random } from '@chasqui/domain';
import type { BusDelivery, ConsumeOptions, DeadLetter } from '@chasqui/ports';
import type { ShardLog } from './shard-log.ts';

const FIRST_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 10_000;
const DEFAULT_MAX_BATCH = 64;

/** A shard in the hands of a member. */
interface Lease {
  shard: number;
  from: number;
  count: number;
  /** The member fell silent and the shard was taken from it: what it still does says nothing. */
  lost: boolean;
}

/** How far a group is in one shard. */
interface Cursor {
  /** Everything below is done. */
  next: number;
  /** Everything below has been handed out at least once. */
  handedOut: number;
  /** Below this, messages are handed out one by one, as one of them can never succeed. */
  singlyUntil: number;
  /** In a row. */
  failures: number;
  /** In someone's hands, or waiting for the end of its back-off. */
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
  /** How long a silent member keeps its shards, in ms. */
  silenceMs: number;
  /** A cursor moved: what every group has done may be dropped. */
  moved: (shard: number) => void;
  buried: (letter: DeadLetter) => void;
}

/** A consumer group on one topic: hands each shard to one member at a time. */
export class BusGroup {
  readonly #options: BusGroupOptions;
  readonly #cursors: Cursor[];
  /** Shards with work that nobody handles, longest waiting first. */
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

  /** Gives the member nothing more; resolves when it is done with what it has. */
  async leave(member: Member): Promise<void> {
    this.#members.delete(member);
    if (member.leases.size > 0) await new Promise<void>((resolve) => (member.idle = resolve));
  }

  /** The member's process died or froze: its shards come back after the silence. */
  silence(member: Member): void {
    this.#members.delete(member);
    for (const lease of member.leases) {
      lease.lost = true;
      this.#options.clock.after(this.#options.silenceMs, () => this.#release(lease.shard));
    }
  }

  /** Something may be there to do in the shard. */
  wake(shard: number): void {
    const cursor = this.#cursor(shard);
    if (cursor.busy || cursor.next >= this.#log(shard).head) return;
    this.#ready.add(shard);
    this.#dispatchSoon();
  }

  #dispatchSoon(): void {
    if (this.#dispatching) return;
    this.#dispatching = true;
    // In a microtask, so that what is published in the same turn travels in one batch.
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

  /** Doubles from 100 ms to 10 s; up to a fifth longer, so that many shards do not come back at once. */
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
