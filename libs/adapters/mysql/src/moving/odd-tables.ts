import { groupOf, highestSent, type PushRegistration } from '@chasqui/domain';
import type { MovedRow } from '@chasqui/ports';
import { entryOf } from '../conversations/entry-rows.ts';
import type { Row } from '../engine/index.ts';
import { Kind } from '../logs/log-rows.ts';
import { tokenKey } from '../people/device-rows.ts';
import type { MovedTable, OddKind } from './tables.ts';

/** A table whose rows say the same as those of a kind in another way. */
export interface OddTable extends MovedTable {
  /** Its columns in the order of the primary key, if that is not the order of the kind's. */
  order?: string;
  rowOf(row: Row): MovedRow;
  /** The values of `written`, or else of the columns. */
  valuesOf(row: MovedRow): Row;
  /** The columns that are written, if not those that are read. */
  written?: string;
}

const REGISTRATION = 'user_id, device_id, provider, token, app, language, at, confirmed';
const ENTRY = `conversation_id, user_id, last_message_id, last_from, preview, unread, read_up_to, read_at, read_node,
  updated_at, sent_id, sent_order, incoming, trimmed`;

export const ODD_TABLES: { readonly [Kind in Exclude<OddKind, 'moments'>]: OddTable } = {
  push_registrations: {
    table: 'registrations',
    columns: REGISTRATION,
    written: `${REGISTRATION}, token_key`,
    rowOf: (row) => row,
    valuesOf: (row) => [...row, tokenKey({ provider: row[2], token: row[3] } as PushRegistration)],
  },
  log_entries: {
    table: 'inbox',
    columns: 'user_id, position, at, kind, conversation_id, message_id, previous, body, sender',
    rowOf: ([log, position, at, kind, ...rest]) => {
      const [where, id, previous, body, sender] = rest as [string, string, number, string, string];
      const from = kind === Kind.outgoing && sender === '' ? (log as string) : sender;
      return [
        ...[log, position, at, kind === Kind.outgoing ? Kind.incoming : kind, where, id, previous, body, from],
      ] as MovedRow;
    },
    valuesOf(row) {
      const [log, , , kind] = row;
      const isOwn = log === row[8] || groupOf(log as string) !== null;
      return kind === Kind.incoming && isOwn ? row.with(3, Kind.outgoing) : row;
    },
  },
  // Rows of 0.1 have two positions: the sender's is enough to know a resend.
  first_recordings: {
    table: 'dedup',
    columns: 'sender_key, message_id, digest, places, at, sender_position',
    written: 'sender_key, message_id, digest, places, at',
    order: 'sender_key',
    rowOf([key, message, digest, places, at, position]) {
      const space = (key as string).indexOf(' ');
      const [sender, clientId] = [(key as string).slice(0, space), (key as string).slice(space + 1)];
      const where = places === '' && (position as number) > 0 ? `${sender} ${position}` : (places ?? '');
      return [sender, clientId, message, digest, where, at] as MovedRow;
    },
    valuesOf: ([sender, clientId, ...rest]) => [`${sender} ${clientId}`, ...rest],
  },
  conversation_entries: {
    table: 'conversation_entries',
    columns: `${ENTRY}, last_own`,
    written: ENTRY,
    order: 'conversation_id, user_id',
    rowOf(row) {
      const e = entryOf(row);
      const lastFrom = e.lastMessageId === '' ? '' : e.lastFrom;
      return [
        ...[e.userId, e.conversationId, e.lastMessageId, lastFrom, e.preview, e.updatedAt, e.sent, e.unread],
        ...[e.readUpTo, e.readAt, e.readNode, e.incoming, e.trimmed],
      ];
    },
    valuesOf(row) {
      const [user, conversation, last, lastFrom, preview, updatedAt, sent, unread, ...more] = row;
      const [readUpTo, readAt, readNode, incoming, trimmed] = more;
      const read = [unread, readUpTo, readAt, readNode, updatedAt];
      const order = [highestSent(sent as string), sent, incoming, trimmed];
      return [conversation, user, last, lastFrom, preview, ...read, ...order] as Row;
    },
  },
  // Only the latest revision counts.
  message_actions: {
    table: 'message_actions',
    columns: 'conversation_id, message_id, MAX(revision)',
    written: 'conversation_id, message_id, revision',
    order: 'conversation_id, message_id',
    group: 'GROUP BY conversation_id, message_id',
    rowOf: ([conversation, message, revision]) => [conversation, message, Number(revision)] as MovedRow,
    valuesOf: (row) => row,
  },
};
