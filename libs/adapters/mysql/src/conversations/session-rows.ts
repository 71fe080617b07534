import {
  type ConversationId,
  highestSent,
  type MessageId,
  type Position,
  peerOf,
  type SentOrder,
  type UserId,
} from '@chasqui/domain';
import type { SessionRow } from '@chasqui/ports';
import type { Row, Statement } from '../engine/index.ts';

/** One user's side of a conversation as it is stored; see the table. */
export interface Side {
  conversationId: ConversationId;
  userId: UserId;
  lastMessageId: MessageId | '';
  lastOwn: boolean;
  preview: string;
  unread: number;
  readUpTo: MessageId | '';
  updatedAt: number;
  sent: SentOrder;
  incoming: Position;
  trimmed: number;
}

const COLUMNS = `conversation_id, user_id, last_message_id, last_own, preview, unread, read_up_to, updated_at,
  sent_id, sent_order, incoming, trimmed`;

export const SELECT_SIDES = `SELECT ${COLUMNS} FROM sessions`;

/** Does not touch what only reading and trimming change. */
const SAVE = `INSERT INTO sessions (${COLUMNS}) VALUES ?
  ON DUPLICATE KEY UPDATE last_message_id = VALUES(last_message_id), last_own = VALUES(last_own),
  preview = VALUES(preview), unread = VALUES(unread), updated_at = VALUES(updated_at), sent_id = VALUES(sent_id),
  sent_order = VALUES(sent_order), incoming = VALUES(incoming)`;

/** Both sides of each conversation. */
export function selectSides(conversationIds: readonly ConversationId[]): Statement {
  return { sql: `${SELECT_SIDES} FORCE INDEX (PRIMARY) WHERE conversation_id IN (?)`, values: [conversationIds] };
}

export function saveSides(sides: readonly Side[]): Statement {
  const rows = sides.map(
    (side): Row => [
      ...[side.conversationId, side.userId, side.lastMessageId, side.lastOwn ? 1 : 0, side.preview, side.unread],
      ...[side.readUpTo, side.updatedAt, highestSent(side.sent), side.sent, side.incoming, side.trimmed],
    ],
  );
  return { sql: SAVE, values: [rows] };
}

/** A row of `SELECT_SIDES`. */
export function sideOf(row: Row): Side {
  const [
    conversationId,
    userId,
    lastMessageId,
    lastOwn,
    preview,
    unread,
    readUpTo,
    updatedAt,
    sentId,
    sentOrder,
    incoming,
    trimmed,
  ] = row as [string, string, string, number, string, number, string, number, string, string, number, number];
  return {
    conversationId,
    userId,
    lastMessageId,
    lastOwn: lastOwn === 1,
    preview,
    unread,
    // Rows that an older version wrote have the highest id alone.
    readUpTo,
    updatedAt,
    sent: sentOrder === '' ? sentId : sentOrder,
    incoming,
    trimmed,
  };
}

/** As the port gives it. */
export function sessionRow(side: Side): SessionRow {
  const { conversationId, userId, lastMessageId, lastOwn, preview, unread, readUpTo, updatedAt } = side;
  const peer = peerOf(conversationId, userId);
  const lastFrom = lastOwn ? userId : peer;
  return { userId, conversationId, peer, lastMessageId, lastFrom, preview, unread, readUpTo, updatedAt };
}
