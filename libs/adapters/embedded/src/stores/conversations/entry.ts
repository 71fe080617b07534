import type { Row } from '../../sqlite/database.ts';

/** A conversation in the worker's memory. */
export interface Conversation {
  readonly id: number;
  readonly name: string;
  /** The cached entries, by user; null: the user has none. */
  readonly entries: Map<number, Entry | null>;
}

/** One user's view of one conversation in the worker's memory; see the table. */
export interface Entry {
  readonly conversation: Conversation;
  readonly user: number;
  /** Changed since the table was written: memory is authoritative. */
  isDirty: boolean;
  /** Written at once, so it is not in the journal. */
  touchedAt: number;
  /** Empty: nothing was appended to the user's inbox; the entry only records what the user sent. */
  lastId: string;
  lastFrom: number;
  preview: string;
  updatedAt: number;
  sent: string;
  unread: number;
  readId: string;
  readAt: number;
  readNode: string;
  incoming: number;
  trimmed: number;
}

/** In the order of `entryValues`. */
export const ENTRY_COLUMNS = `last_id, last_from, preview, updated_at, sent, unread, read_id, read_at, read_node,
  incoming, trimmed`;
export const ENTRY_WIDTH = 11;

/** The mutable values of an entry, as in the journal. */
export function entryValues(e: Entry): (string | number)[] {
  // biome-ignore format: one line for each line of the columns
  return [
    e.lastId, e.lastFrom, e.preview, e.updatedAt, e.sent, e.unread, e.readId, e.readAt, e.readNode,
    e.incoming, e.trimmed,
  ];
}

/** Overwrites the mutable values with ENTRY_WIDTH values from `offset` on. */
export function setEntry(entry: Entry, values: Row, offset: number): void {
  let at = offset;
  const next = () => values[at++] as never;
  entry.lastId = next();
  entry.lastFrom = next();
  entry.preview = next();
  entry.updatedAt = next();
  entry.sent = next();
  entry.unread = next();
  entry.readId = next();
  entry.readAt = next();
  entry.readNode = next();
  entry.incoming = next();
  entry.trimmed = next();
}

export function emptyEntry(conversation: Conversation, user: number): Entry {
  return {
    conversation,
    user,
    isDirty: false,
    touchedAt: 0,
    lastId: '',
    lastFrom: user,
    preview: '',
    updatedAt: 0,
    sent: '',
    unread: 0,
    readId: '',
    readAt: 0,
    readNode: '',
    incoming: 0,
    trimmed: 0,
  };
}
