import { ByteReader, ByteWriter } from '../../runs/bytes.ts';

/** A conversation in the worker's memory. */
export interface Conversation {
  readonly id: number;
  readonly name: string;
  /** Those in memory, at most one of each user; so few that none is looked for in a better way. */
  entries: readonly Entry[];
  /** The table has no entries of it but those in memory. */
  readonly isNew: boolean;
}

/** One user's view of one conversation in the worker's memory. */
export interface Entry {
  readonly conversation: Conversation;
  readonly user: number;
  /** Changed since it was last written to the table. */
  isDirty: boolean;
  /** The table does not have it, or not as it is: memory is authoritative. */
  isUnflushed: boolean;
  /** The `touchedAt` under which the table of listed entries has it; 0: it is not there. */
  listedAt: number;
  /** Empty: nothing was appended to the user's inbox; the entry only records what the user sent. */
  lastId: string;
  lastFrom: number;
  preview: string;
  updatedAt: number;
  /** What the user sent: see SentOrder. */
  sent: string;
  unread: number;
  readId: string;
  readAt: number;
  readNode: string;
  /** The inbox place of the last incoming message. */
  incoming: number;
  /** Unread ones whose inbox rows are gone. */
  trimmed: number;
  /** Behind `updatedAt` by less than TOUCH_MS; 0: not listed. */
  touchedAt: number;
}

export const ENTRY_WIDTH = 12;

/** The mutable values of an entry, as in the journal. */
export function entryValues(e: Entry): (string | number)[] {
  // biome-ignore format: one line for texts and numbers as `setEntry` has them
  return [
    e.lastId, e.lastFrom, e.preview, e.updatedAt, e.sent, e.unread, e.readId, e.readAt, e.readNode,
    e.incoming, e.trimmed, e.touchedAt,
  ];
}

/** Overwrites the mutable values. */
export function setEntry(entry: Entry, values: readonly (string | number)[]): void {
  let at = 0;
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
  entry.touchedAt = next();
}

export function emptyEntry(conversation: Conversation, user: number): Entry {
  return {
    conversation,
    user,
    isDirty: false,
    isUnflushed: false,
    listedAt: 0,
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
    touchedAt: 0,
  };
}

const writer = new ByteWriter();

/** The row of an entry in the table: each value as what it is. */
export function encodeEntry(values: readonly (string | number)[]): Buffer {
  for (const value of values) typeof value === 'string' ? writer.text(value) : writer.varint(value);
  return writer.take();
}

export function decodeEntry(conversation: Conversation, user: number, bytes: Buffer): Entry {
  const entry = emptyEntry(conversation, user);
  const reader = new ByteReader(bytes);
  setEntry(
    entry,
    entryValues(entry).map((value) => (typeof value === 'string' ? reader.text() : reader.varint())),
  );
  entry.listedAt = entry.touchedAt;
  return entry;
}
