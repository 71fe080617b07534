import type { LogEntry, LogId, LogUpdate, Position, UserId } from '@chasqui/domain';

export interface LogPage {
  entries: LogEntry[];
  /** The last assigned position. */
  head: Position;
  /** Positions up to and including this one have been trimmed; 0: none. */
  floor: Position;
  /** The log's epoch: if it differs, positions of the former epoch are meaningless. */
  epoch: string;
}

/** The position of one device in its user's inbox. */
export interface DevicePosition {
  userId: UserId;
  deviceId: string;
  /** The device has confirmed everything up to this position. */
  position: Position;
  /** Unix ms of the confirmation. */
  at: number;
}

/**
 * Logs of updates, such as each user's inbox. Positions are contiguous from 1 and assigned in the transaction that
 * writes the entry; `ConversationStore` appends to the same logs. Errors: `store_unavailable`.
 */
export interface UpdateLog extends AsyncDisposable {
  /** Appends each update to its log, in order, in one transaction; returns their positions. */
  append(items: readonly { log: LogId; update: LogUpdate }[]): Promise<Position[]>;
  /** Entries after a position, contiguous, at most `limit`. An unknown log has head 0. */
  page(log: LogId, after: Position, limit: number): Promise<LogPage>;
  /**
   * Gives one log a new epoch, if `epoch` is still its current one. Called when a device with that epoch is beyond the
   * head: the log was cut, and positions of that epoch are meaningless. Other logs keep theirs, because the device may
   * lie.
   */
  renew(log: LogId, epoch: string): Promise<void>;
  /**
   * A device confirms. Returns the position of the user's furthest device before and now; entries in between are newly
   * synced. Never moves back; a position beyond the head counts as the head. A user has at most `maxDevicesPerUser`
   * devices (see limits): beyond it, the device with the lowest `at` is evicted, but never the confirming one. From the
   * next call on, entries that only the evicted device had confirmed count as not confirmed; confirming them again is
   * harmless.
   */
  confirm(device: DevicePosition): Promise<{ before: Position; now: Position }>;
  /** The devices of a user that have confirmed, in no order; at most `maxDevicesPerUser`. */
  devices(userId: UserId): Promise<DevicePosition[]>;
  /**
   * Removes entries older than `olderThan` (Unix ms), at most `limit`, and raises the floors. A log that becomes empty
   * keeps its head. Returns how many. Unread messages stay counted, also by `ConversationStore.recount`: each store
   * remembers how many were unread, but not which. Reading up to a trimmed message may therefore leave all of them
   * counted, until a message that is not trimmed is read (C8).
   */
  trim(olderThan: number, limit: number): Promise<number>;
  /**
   * Removes the oldest entries of one log, at most `limit`, whatever their age, as `trim` does, and the positions of its
   * devices. Returns how many entries.
   */
  clear(log: LogId, limit: number): Promise<number>;
  ping(): Promise<void>;
}
