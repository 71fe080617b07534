import {
  type ConversationId,
  directPeer,
  highestSent,
  type MessageId,
  type Position,
  type SentOrder,
  type UserId,
} from '@chasqui/domain';
import type { ConversationEntry } from '@chasqui/ports';
import type { Row, Statement } from '../engine/index.ts';

// Only this file knows the columns of a conversation entry's row.

/** A conversation entry as stored; the columns are described at the table. */
export interface Entry {
  conversationId: ConversationId;
  userId: UserId;
  lastMessageId: MessageId | '';
  lastFrom: UserId;
  preview: string;
  unread: number;
  readUpTo: MessageId | '';
  readAt: number;
  readNode: string;
  updatedAt: number;
  /** Order of the user's own messages. */
  sent: SentOrder;
  /** Inbox position of the last incoming message; 0: none. */
  incoming: Position;
  trimmed: number;
}

const COLUMNS = `conversation_id, user_id, last_message_id, last_from, preview, unread, read_up_to, read_at, read_node,
  updated_at, sent_id, sent_order, incoming, trimmed`;

/** `last_own` is read for rows of 0.1, which have no `last_from`. */
export const SELECT_ENTRIES = `SELECT ${COLUMNS}, last_own FROM conversation_entries`;

/** Leaves the columns alone that only reading and trimming change. */
const SAVE = `INSERT INTO conversation_entries (${COLUMNS}) VALUES ?
  ON DUPLICATE KEY UPDATE last_message_id = VALUES(last_message_id), last_from = VALUES(last_from),
  preview = VALUES(preview), unread = VALUES(unread), updated_at = VALUES(updated_at), sent_id = VALUES(sent_id),
  sent_order = VALUES(sent_order), incoming = VALUES(incoming)`;

export function entryKey({ conversationId, userId }: Pick<Entry, 'conversationId' | 'userId'>): string {
  return `${conversationId} ${userId}`;
}

/** An entry of a conversation in which no message visible to the user is recorded yet. */
export function emptyEntry(conversationId: ConversationId, userId: UserId, updatedAt: number): Entry {
  return {
    conversationId,
    userId,
    lastMessageId: '',
    lastFrom: '',
    preview: '',
    unread: 0,
    readUpTo: '',
    readAt: 0,
    readNode: '',
    updatedAt,
    sent: '',
    incoming: 0,
    trimmed: 0,
  };
}

/** Selects all entries of each conversation. */
export function selectEntries(conversationIds: readonly ConversationId[]): Statement {
  return { sql: `${SELECT_ENTRIES} FORCE INDEX (PRIMARY) WHERE conversation_id IN (?)`, values: [conversationIds] };
}

export function saveEntries(entries: readonly Entry[]): Statement {
  const rows = entries.map(
    (entry): Row => [
      ...[entry.conversationId, entry.userId, entry.lastMessageId, entry.lastFrom, entry.preview, entry.unread],
      ...[entry.readUpTo, entry.readAt, entry.readNode, entry.updatedAt, highestSent(entry.sent), entry.sent],
      ...[entry.incoming, entry.trimmed],
    ],
  );
  return { sql: SAVE, values: [rows] };
}

/** Decodes a row of `SELECT_ENTRIES`. */
export function entryOf(row: Row): Entry {
  const [conversationId, userId, lastMessageId, lastFrom, preview, unread, ...more] = row as [
    ...[conversationId: string, userId: string, lastMessageId: string, lastFrom: string, preview: string],
    ...[unread: number, readUpTo: string, readAt: number, readNode: string, updatedAt: number],
    ...[sentId: string, sentOrder: string, incoming: number, trimmed: number, lastOwn: number],
  ];
  const [readUpTo, readAt, readNode, updatedAt, sentId, sentOrder, incoming, trimmed, lastOwn] = more;
  return {
    conversationId,
    userId,
    lastMessageId,
    lastFrom: lastFrom === '' ? formerLastFrom(conversationId, userId, lastOwn === 1) : lastFrom,
    preview,
    unread,
    readUpTo,
    readAt,
    readNode,
    updatedAt,
    // Rows of older versions have only the highest id.
    sent: sentOrder === '' ? sentId : sentOrder,
    incoming,
    trimmed,
  };
}

/** Rows of 0.1, all of direct conversations, say only whether the user sent the last message. */
function formerLastFrom(conversationId: ConversationId, userId: UserId, isOwn: boolean): UserId {
  return isOwn ? userId : (directPeer(conversationId, userId) ?? '');
}

/** Converts to the port's type. */
export function conversationEntry(entry: Entry): ConversationEntry {
  const { conversationId, userId, lastMessageId, lastFrom, preview, unread, updatedAt } = entry;
  const read = { upTo: entry.readUpTo, at: entry.readAt, node: entry.readNode };
  return { userId, conversationId, lastMessageId, lastFrom, preview, unread, read, updatedAt };
}
