import type { LogEntry, LogId, LogUpdate, Position, UserId } from '@chasqui/domain';

export interface LogPage {
  entries: LogEntry[];
  /** The last position given out. */
  head: Position;
  /** Positions up to and including this one have been trimmed; 0: none. */
  floor: Position;
  /** Names this log of positions: another value means that the old positions say nothing here. */
  epoch: string;
}

/** Where one device of a user stands in the user's inbox. */
export interface DevicePosition {
  userId: UserId;
  deviceId: string;
  /** Everything up to here is the device's own. */
  position: Position;
  /** Unix ms of the confirmation. */
  at: number;
}

/**
 * Logs of updates: each user's inbox is one. Positions are contiguous from 1 and given in the transaction that writes the
 * entry; `ConversationStore` appends to the same logs. Errors: `store_unavailable`.
 */
export interface UpdateLog extends AsyncDisposable {
  /** Appends each update to its log, in order, in one transaction; returns their positions. */
  append(items: readonly { log: LogId; update: LogUpdate }[]): Promise<Position[]>;
  /** Entries after a position, contiguous, at most `limit`. An unknown log has head 0. */
  page(log: LogId, after: Position, limit: number): Promise<LogPage>;
  /**
   * Gives one log another epoch, if `epoch` is still its own: a device that had it stands beyond the head, so the
   * log was cut, and positions of that epoch say nothing any more. Other logs keep theirs, as the device may lie.
   */
  renew(log: LogId, epoch: string): Promise<void>;
  /**
   * A device confirms. Returns where the furthest device of the user stood before and stands now; entries in between
   * are newly synced. Never moves back; beyond the head counts as the head. A user has at most `maxDevicesPerUser`
   * devices (see limits): for one more, the device whose `at` is the least is forgotten, never the one that confirms.
   * From the next call on, what it alone had made its own counts as not confirmed; confirming that again is harmless.
   */
  confirm(device: DevicePosition): Promise<{ before: Position; now: Position }>;
  /** The devices of a user that confirmed, in no order; at most `maxDevicesPerUser`. */
  devices(userId: UserId): Promise<DevicePosition[]>;
  /**
   * Drops entries older than `olderThan` (Unix ms), at most `limit`, raising the floors. A log that has nothing left
   * keeps its head. Returns how many. What was unread stays unread, and `ConversationStore.recount` counts it: each store
   * remembers how many, not which. So reading up to a trimmed message may leave all of them counted, until a message that
   * is kept is read (C8).
   */
  trim(olderThan: number, limit: number): Promise<number>;
  ping(): Promise<void>;
}
