import type { Clock, Timer } from '@chasqui/domain';
import type { GroupShard } from './group-shard.ts';
import type { MemberSpec, Membership, Outcome, Work } from './hub.ts';
import type { LogEntry } from './log-operations.ts';

/** What a group needs of the log. */
export interface GroupLog {
  read(stream: number, from: number, limit: number): Promise<LogEntry[]>;
  /** The shard's position moved; it is persisted soon. */
  moved(group: ConsumerGroup, shard: GroupShard): void;
  bury(group: ConsumerGroup, shard: GroupShard, offset: number, error: string): Promise<void>;
}

interface Member {
  spec: MemberSpec;
  work: (work: Work) => void;
  held: Set<GroupShard>;
  retired: boolean;
}

/** A membership whose owner may also be lost with its work in flight. */
export interface HostMembership extends Membership {
  /** The owner's process is gone or frozen: other members get its work at once. */
  drop(): void;
}

/** Messages read from the file at a time. */
const READ_LIMIT = 1_024;
/** The delay after a failed read or burial, in ms. */
const LOG_RETRY_MS = 500;

/** The members of one group and the shards that they share: a shard has one holder at a time. */
export class ConsumerGroup {
  readonly topic: string;
  readonly name: string;
  /** The group's number in the file; undefined until it is registered there. */
  id: number | undefined;
  /** By shard; empty until the group is registered in the file. */
  shards: GroupShard[] = [];
  readonly #clock: Clock;
  readonly #log: GroupLog;
  readonly #members: Member[] = [];
  readonly #ready = new Set<GroupShard>();
  readonly #timers = new Set<Timer>();
  #closed = false;

  constructor(topic: string, name: string, clock: Clock, log: GroupLog) {
    this.topic = topic;
    this.name = name;
    this.#clock = clock;
    this.#log = log;
  }

  attach(spec: MemberSpec, work: (work: Work) => void): HostMembership {
    const member: Member = { spec, work, held: new Set(), retired: false };
    this.#members.push(member);
    const retire = () => {
      member.retired = true;
      const index = this.#members.indexOf(member);
      if (index >= 0) this.#members.splice(index, 1);
    };
    this.wake(this.shards);
    return {
      retire,
      drop: () => {
        retire();
        for (const shard of member.held) {
          shard.lost();
          this.#ready.add(shard);
        }
        member.held.clear();
        this.#pump();
      },
    };
  }

  /** These shards may have new messages. */
  wake(shards: Iterable<GroupShard>): void {
    for (const shard of shards) if (shard.state === 'idle' && shard.hasMore) this.#ready.add(shard);
    this.#pump();
  }

  close(): void {
    this.#closed = true;
    for (const timer of this.#timers) timer.cancel();
    this.#members.length = 0;
  }

  /** Hands ready shards to members with spare capacity, the least busy first. */
  #pump(): void {
    for (const shard of this.#ready) {
      if (shard.state !== 'idle' || !shard.hasMore) {
        this.#ready.delete(shard);
        continue;
      }
      const member = this.#freeMember();
      if (member === undefined) return;
      this.#ready.delete(shard);
      this.#hand(shard, member);
    }
  }

  #freeMember(): Member | undefined {
    let best: Member | undefined;
    for (const member of this.#members) {
      if (member.held.size >= member.spec.concurrency) continue;
      if (best === undefined || member.held.size < best.held.size) best = member;
    }
    return best;
  }

  #hand(shard: GroupShard, member: Member): void {
    const batch = shard.take(this.topic, member.spec.maxBatch);
    if (batch === null) {
      this.#read(shard);
      return;
    }
    member.held.add(shard);
    let settled = false;
    member.work({
      shard: shard.stream.shard,
      batch,
      settle: (outcome) => {
        // A dropped member no longer holds the shard: its outcome is ignored.
        if (settled || !member.held.delete(shard)) return;
        settled = true;
        this.#settled(shard, outcome);
      },
    });
  }

  #settled(shard: GroupShard, outcome: Outcome): void {
    const verdict = shard.settle(outcome);
    if (verdict.type === 'again') this.#wait(shard, verdict.afterMs);
    else if (verdict.type === 'bury') this.#bury(shard, verdict.offset, verdict.error);
    else {
      this.#log.moved(this, shard);
      this.wake([shard]);
    }
    this.#pump();
  }

  #wait(shard: GroupShard, ms: number): void {
    if (this.#closed) return;
    shard.state = 'waiting';
    const timer = this.#clock.after(ms, () => {
      this.#timers.delete(timer);
      shard.state = 'idle';
      this.wake([shard]);
    });
    this.#timers.add(timer);
  }

  #read(shard: GroupShard): void {
    shard.state = 'reading';
    this.#log.read(shard.stream.id, shard.position, READ_LIMIT).then(
      (entries) => {
        shard.state = 'idle';
        shard.load(entries);
        this.wake([shard]);
      },
      () => this.#wait(shard, LOG_RETRY_MS),
    );
  }

  #bury(shard: GroupShard, offset: number, error: string): void {
    shard.state = 'waiting';
    this.#log.bury(this, shard, offset, error).then(
      () => {
        shard.buried(offset);
        shard.state = 'idle';
        this.#log.moved(this, shard);
        this.wake([shard]);
      },
      () => this.#wait(shard, LOG_RETRY_MS),
    );
  }
}
