import type {
  ConversationId,
  LogEntry,
  LogId,
  LogUpdate,
  MessageId,
  Place,
  Position,
  PostRefusal,
  SentOrder,
  UserId,
} from '@chasqui/domain';
import type { ConversationEntry, DevicePosition } from '@chasqui/ports';
import { AttachmentTable } from '../attachments/attachment-table.ts';
import { GroupState } from './group-state.ts';
import { ReactionTable } from './reaction-table.ts';

/** One numbered log. */
export class Log {
  /** How often this log alone was given another epoch. */
  life = 0;
  #floor: Position = 0;
  #kept: { entry: LogEntry; at: number }[] = [];

  get head(): Position {
    return this.#floor + this.#kept.length;
  }

  get floor(): Position {
    return this.#floor;
  }

  append(update: LogUpdate, at: number): Position {
    const position = this.head + 1;
    this.#kept.push({ entry: { ...update, position }, at });
    return position;
  }

  after(position: Position, limit: number): LogEntry[] {
    const from = Math.max(0, position - this.#floor);
    return this.#kept.slice(from, from + limit).map(({ entry }) => entry);
  }

  /** Drops the oldest entries that are older than `olderThan`, at most `limit`; returns how many. */
  trim(olderThan: number, limit: number): number {
    const firstKept = this.#kept.findIndex(({ at }) => at >= olderThan);
    const dropped = Math.min(limit, firstKept === -1 ? this.#kept.length : firstKept);
    this.#kept = this.#kept.slice(dropped);
    this.#floor += dropped;
    return dropped;
  }
}

/** An entry with the ids of its unread messages: incoming messages above its mark, in the order of recording. */
export interface CountedEntry extends ConversationEntry {
  unreadIds: MessageId[];
}

/** What was recorded for a (sender, clientMessageId). */
export interface KnownKey {
  digest: string;
  messageId: MessageId;
  places: readonly Place[];
  /** Why the order of the group's log refused it. */
  refused?: PostRefusal;
  /** Unix ms of the recording. */
  at: number;
}

/** Conversations and logs, as a database would hold them. Outlives the stores that are opened on it. */
export class KeptConversations {
  readonly logs = new Map<LogId, Log>();
  readonly entries = new Map<UserId, Map<ConversationId, CountedEntry>>();
  /** As `encodeState` writes them; only those that differ from the default. */
  readonly states = new Map<UserId, Map<ConversationId, string>>();
  /** By user: conversation and message ids that the user has hidden. */
  readonly hidden = new Map<UserId, Set<string>>();
  readonly devices = new Map<UserId, Map<string, DevicePosition>>();
  /** By sender and clientMessageId, oldest first. */
  readonly keys = new Map<string, KnownKey>();
  /** By conversation and sender. */
  readonly sent = new Map<string, SentOrder>();
  /** By `conversationId messageId`: the highest revision applied to the message. */
  readonly revisions = new Map<string, number>();
  readonly groups = new GroupState();
  readonly attachments = new AttachmentTable();
  readonly reactions = new ReactionTable();
  epoch: string;
  /** See `StoreProgress`. */
  progress = 0;

  constructor(epoch: string) {
    this.epoch = epoch;
  }

  log(id: LogId): Log {
    let log = this.logs.get(id);
    if (log === undefined) {
      log = new Log();
      this.logs.set(id, log);
    }
    return log;
  }

  entriesOf(userId: UserId): CountedEntry[] {
    return [...(this.entries.get(userId)?.values() ?? [])];
  }

  entry(userId: UserId, conversationId: ConversationId): CountedEntry | undefined {
    return this.entries.get(userId)?.get(conversationId);
  }

  addEntry(entry: CountedEntry): void {
    const entries = this.entries.get(entry.userId);
    if (entries === undefined) this.entries.set(entry.userId, new Map([[entry.conversationId, entry]]));
    else entries.set(entry.conversationId, entry);
  }
}
