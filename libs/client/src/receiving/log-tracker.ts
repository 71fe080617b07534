import type { MessageId, Position } from '@chasqui/domain';

/** `next`: the position advanced. `ahead`: the update waits for a gap to close. `old`: the update is a duplicate. */
export type Arrival = 'next' | 'ahead' | 'old';

/**
 * Tracks the position up to which this device has a log without a gap. Positions are contiguous, so an update
 * beyond the next one reveals what is missing. Pure; bounded by `maxAhead`: what exceeds it is forgotten, and the next
 * sync brings it again.
 */
export class LogTracker {
  readonly #maxAhead: number;
  readonly #ahead = new Set<Position>();
  /** Messages that the server has placed in the log and that this device does not have yet. */
  readonly #lacking = new Map<MessageId, Position>();
  #position: Position;
  #epoch: string | undefined;
  #overflowed = false;

  constructor(maxAhead: number, position: Position = 0, epoch?: string) {
    this.#maxAhead = maxAhead;
    this.#position = position;
    this.#epoch = epoch;
  }

  get position(): Position {
    return this.#position;
  }

  /** The epoch of the position; undefined before the first sync. */
  get epoch(): string | undefined {
    return this.#epoch;
  }

  /** True while a later position than the next one is known to exist. */
  get hasGap(): boolean {
    return this.#overflowed || this.#ahead.size > 0 || this.#lacking.size > 0;
  }

  /** Whether the update at `position` is a duplicate. */
  has(position: Position): boolean {
    return position <= this.#position || this.#ahead.has(position);
  }

  /** The update at `position` has arrived. */
  have(position: Position): Arrival {
    if (position <= this.#position) return 'old';
    if (position > this.#position + 1) {
      if (this.#ahead.size < this.#maxAhead) this.#ahead.add(position);
      else this.#overflowed = true;
      return 'ahead';
    }
    this.#moveTo(position);
    return 'next';
  }

  /** The update at `position` is this message, which has not arrived yet. */
  lack(position: Position, messageId: MessageId): Arrival {
    if (position <= this.#position) return 'old';
    if (this.#lacking.size < this.#maxAhead) this.#lacking.set(messageId, position);
    else this.#overflowed = true;
    return 'ahead';
  }

  /** A message arrived that may have been missing: returns its position if it was. */
  found(messageId: MessageId): Position | undefined {
    const position = this.#lacking.get(messageId);
    this.#lacking.delete(messageId);
    return position;
  }

  /** A sync page ended here: everything up to `position` has arrived. */
  pageEnded(position: Position, epoch: string): void {
    this.#epoch = epoch;
    this.#overflowed = false;
    if (position > this.#position) this.#moveTo(position);
  }

  /** The server's log is another one, or it is trimmed beyond our position: continue from `position` of `epoch`. */
  restart(position: Position, epoch: string | undefined): void {
    this.#ahead.clear();
    this.#lacking.clear();
    this.#overflowed = false;
    this.#position = position;
    this.#epoch = epoch;
  }

  #moveTo(position: Position): void {
    this.#position = position;
    while (this.#ahead.delete(this.#position + 1)) this.#position++;
    for (const ahead of this.#ahead) if (ahead <= this.#position) this.#ahead.delete(ahead);
    for (const [messageId, at] of this.#lacking) if (at <= this.#position) this.#lacking.delete(messageId);
  }
}
