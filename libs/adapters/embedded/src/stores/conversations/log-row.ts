import type { Row } from '../../sqlite/database.ts';

/**
 * Kinds of log rows. `formerOutgoing`: before version 10, a message that the owner sent; messages to the owner were
 * `message`, without a sender.
 */
export const EntryType = { message: 1, formerOutgoing: 2, update: 3 } as const;
export type EntryType = (typeof EntryType)[keyof typeof EntryType];

/** One entry of a log as it is stored; see the table. */
export interface LogRow {
  at: number;
  type: EntryType;
  conversation: number | null;
  ref: string | null;
  body: string;
  previous: number;
  /** Null for a message from before version 10: it is from the other user of its direct conversation. */
  sender: number | null;
}

/** In the order of `logValues`. */
export const LOG_COLUMNS = 'at, type, conversation, ref, body, previous, sender';

export function logValues(row: LogRow): Row {
  return [row.at, row.type, row.conversation, row.ref, row.body, row.previous, row.sender];
}

/** `owner`: the user of the inbox. */
export function logRowOf(values: Row, owner: number): LogRow {
  const [at, type, conversation, ref, body, previous, sender] = values as [
    ...[number, EntryType, number | null, string | null, string, number, number | null],
  ];
  const row = { at, type, conversation, ref, body, previous, sender };
  return type === EntryType.formerOutgoing ? { ...row, type: EntryType.message, sender: owner } : row;
}

/** An entry that holds an update as JSON. */
export function updateRow(body: string, at: number): LogRow {
  return { at, type: EntryType.update, conversation: null, ref: null, body, previous: 0, sender: null };
}

/** Whether it is a message from another user, which counts as unread. */
export function isIncoming(row: LogRow, owner: number): boolean {
  return row.type === EntryType.message && row.sender !== owner;
}
