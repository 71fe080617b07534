import type { BlockedKey } from '@chasqui/domain';

/** The events of one key on their way to one endpoint: one at a time, in order. */
export class KeyLane {
  readonly key: string;
  /** As in `BlockedKey`. */
  after: number;
  until: number;
  attempts = 0;
  nextAt = 0;
  error = '';
  /** Its events are being delivered now. */
  isRunning = false;

  constructor(key: string, after: number, until: number) {
    this.key = key;
    this.after = after;
    this.until = until;
  }

  static from({ key, after, until, ...rest }: BlockedKey): KeyLane {
    return Object.assign(new KeyLane(key, after, until), rest);
  }

  toJSON(): BlockedKey {
    const { key, after, until, attempts, nextAt, error } = this;
    return { key, after, until, attempts, nextAt, error };
  }
}
