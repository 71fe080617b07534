import type { Clock, Timer } from '@chasqui/domain';
import type { Caller } from '../worker-link/caller.ts';
import type { ConsumerGroup } from './consumer-group.ts';
import type { GroupShard } from './group-shard.ts';
import type { LogOperations } from './log-operations.ts';

/**
 * A position is persisted at most this long after it moved; messages past a position that a crash loses are delivered
 * again.
 */
const DELAY_MS = 50;
/** When a publish is pending whose commit it can share, the position is written after this delay. */
const SHARED_DELAY_MS = 10;

/** Writes the positions of groups in batches: they need no commit of their own. */
export class PositionWriter {
  readonly #clock: Clock;
  readonly #log: Caller<LogOperations>;
  readonly #moved = new Map<GroupShard, ConsumerGroup>();
  #timer: Timer | undefined;
  #writtenAt = 0;

  constructor(clock: Clock, log: Caller<LogOperations>) {
    this.#clock = clock;
    this.#log = log;
  }

  moved(group: ConsumerGroup, shard: GroupShard): void {
    this.#moved.set(shard, group);
    this.#timer ??= this.#clock.after(DELAY_MS, () => void this.write());
  }

  /** A publish is about to be sent. */
  share(): void {
    if (this.#moved.size > 0 && this.#clock.monotonic() - this.#writtenAt >= SHARED_DELAY_MS) void this.write();
  }

  /** Resolves when the positions are written; failed writes are tried again. */
  async write(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#moved.size === 0) return;
    this.#writtenAt = this.#clock.monotonic();
    const moved = [...this.#moved];
    this.#moved.clear();
    const positions = moved.flatMap(([shard, { id }]) =>
      id === undefined ? [] : [id, shard.stream.id, shard.position],
    );
    try {
      await this.#log.call('advance', positions);
    } catch {
      for (const [shard, group] of moved) this.moved(group, shard);
    }
  }

  close(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#moved.clear();
  }
}
