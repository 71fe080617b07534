import { ByteReader, ByteWriter } from '../../runs/bytes.ts';

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

const writer = new ByteWriter();

/** Absent numbers and texts are written as 0 and empty ones. Replaces what the writer has: part of a row that was refused. */
export function writeLogRow(writer: ByteWriter, row: LogRow): void {
  writer.length = 0;
  const { at, type, conversation, ref, body, previous, sender } = row;
  writer.byte(type);
  writer.varint(at);
  writer.varint(conversation === null ? 0 : conversation + 1);
  writer.varint(sender === null ? 0 : sender + 1);
  writer.signed(previous);
  writer.text(ref ?? '');
  writer.text(body);
}

export function encodeLogRow(row: LogRow): Buffer {
  writeLogRow(writer, row);
  return writer.take();
}

/** `owner`: the user of the inbox. */
export function decodeLogRow(bytes: Buffer, owner: number): LogRow {
  const reader = new ByteReader(bytes);
  const type = reader.byte() as EntryType;
  const at = reader.varint();
  const conversation = reader.varint();
  const sender = reader.varint();
  const row = {
    at,
    type,
    conversation: conversation === 0 ? null : conversation - 1,
    sender: sender === 0 ? null : sender - 1,
    previous: reader.signed(),
    ref: reader.text() || null,
    body: reader.text(),
  };
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
