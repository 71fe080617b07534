import type { ConversationId, InboxEntry, InboxUpdate, MessageId, Position, SentOrder, UserId } from '@chasqui/domain';
import type { DevicePosition, SessionRow } from '@chasqui/ports';

/** One user's numbered log. */
export class InboxLog {
  /** How often it was given another epoch than the store's. */
  life = 0;
  #floor: Position = 0;
  #kept: { entry: InboxEntry; at: number }[] = [];

  get head(): Position {
    return this.#floor + this.#kept.length;
  }

  get floor(): Position {
    return this.#floor;
  }

  append(update: InboxUpdate, at: number): Position {
    const position = this.head + 1;
    this.#kept.push({ entry: { ...update, position }, at });
    return position;
  }

  after(position: Position, limit: number): InboxEntry[] {
    const from = Math.max(0, position - this.#floor);
    return this.#kept.slice(from, from + limit).map(({ entry }) => entry);
  }

  /** Drops the oldest entries that are older than `olderThan`; returns how many, at most `limit`. */
  trim(olderThan: number, limit: number): number {
    const firstKept = this.#kept.findIndex(({ at }) => at >= olderThan);
    const dropped = Math.min(limit, firstKept === -1 ? this.#kept.length : firstKept);
    this.#kept = this.#kept.slice(dropped);
    this.#floor += dropped;
    return dropped;
  }
}

/** A session row with the ids that its count counts: incoming messages above `readUpTo`, in the order of recording. */
export interface CountedRow extends SessionRow {
  unreadIds: MessageId[];
}

/** What became of a (sender, clientMessageId). */
export interface KnownKey {
  digest: string;
  messageId: MessageId;
  senderPosition: Position;
  receiverPosition: Position;
  /** Unix ms of the recording. */
  at: number;
}

/** Sessions and inboxes as they would lie in a database. Outlives the stores that are opened on it. */
export class ConversationState {
  readonly inboxes = new Map<UserId, InboxLog>();
  readonly rows = new Map<UserId, Map<ConversationId, CountedRow>>();
  readonly devices = new Map<UserId, Map<string, DevicePosition>>();
  /** By sender and clientMessageId, oldest first. */
  readonly keys = new Map<string, KnownKey>();
  /** By conversation and sender. */
  readonly sent = new Map<string, SentOrder>();
  /** `conversationId messageId` of what was recalled. */
  readonly recalled = new Set<string>();
  epoch: string;
  /** See `StoreProgress`. */
  progress = 0;

  constructor(epoch: string) {
    this.epoch = epoch;
  }

  inbox(userId: UserId): InboxLog {
    let log = this.inboxes.get(userId);
    if (log === undefined) {
      log = new InboxLog();
      this.inboxes.set(userId, log);
    }
    return log;
  }

  rowsOf(userId: UserId): CountedRow[] {
    return [...(this.rows.get(userId)?.values() ?? [])];
  }

  row(userId: UserId, conversationId: ConversationId): CountedRow | undefined {
    return this.rows.get(userId)?.get(conversationId);
  }

  addRow(row: CountedRow): void {
    const rows = this.rows.get(row.userId);
    if (rows === undefined) this.rows.set(row.userId, new Map([[row.conversationId, row]]));
    else rows.set(row.conversationId, row);
  }
}
