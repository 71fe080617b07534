import {
  type ConversationId,
  type InboxEntry,
  type InboxUpdate,
  type MessageId,
  type Position,
  peerOf,
  type UserId,
} from '@chasqui/domain';
import type { Row, Statement, Transaction } from '../engine/index.ts';
import type { Head } from './inbox-heads.ts';

/** Kinds of inbox rows; see the table. */
export const Kind = { incoming: 1, outgoing: 2, update: 3 } as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

/** An inbox row without its place. */
export interface Entry {
  kind: Kind;
  conversationId: ConversationId;
  messageId: MessageId;
  previous: Position;
  body: string;
}

/** The columns of `entryOf`, after the position. */
export const ENTRY_COLUMNS = 'kind, conversation_id, message_id, body';
const INSERT = 'INSERT INTO inbox (user_id, position, at, kind, conversation_id, message_id, previous, body) VALUES ?';

export function updateEntry(update: InboxUpdate): Entry {
  return { kind: Kind.update, conversationId: '', messageId: '', previous: 0, body: JSON.stringify(update) };
}

/** Collects what a transaction appends, and gives each its place. */
export class Appender {
  readonly #now: number;
  readonly #rows: Row[] = [];
  readonly #heads = new Set<Head>();

  constructor(now: number) {
    this.#now = now;
  }

  append(head: Head, { kind, conversationId, messageId, previous, body }: Entry): Position {
    const position = ++head.head;
    head.oldestAt ??= this.#now;
    this.#rows.push([head.userId, position, this.#now, kind, conversationId, messageId, previous, body]);
    this.#heads.add(head);
    return position;
  }

  /** Users that got something. */
  get heads(): ReadonlySet<Head> {
    return this.#heads;
  }

  /** Empty when nothing was appended. */
  statements(): Statement[] {
    return this.#rows.length === 0 ? [] : [{ sql: INSERT, values: [this.#rows] }];
  }
}

/** A row of `position, ENTRY_COLUMNS`. */
export function entryOf(userId: UserId, row: Row): InboxEntry {
  const [position, kind, conversationId, messageId, body] = row as [number, Kind, string, string, string];
  if (kind === Kind.update) return { ...(JSON.parse(body) as InboxUpdate), position };
  const from = kind === Kind.outgoing ? userId : peerOf(conversationId, userId);
  return { type: 'message', conversationId, messageId, from, clientMessageId: body, position };
}

/** Whether this very update is at that place already. */
export async function isEntry(
  transaction: Transaction,
  { userId, position, update }: { userId: UserId; position: Position; update: InboxUpdate },
): Promise<boolean> {
  const [answer] = await transaction.query([
    { sql: 'SELECT body FROM inbox WHERE user_id = ? AND position = ?', values: [userId, position] },
  ]);
  return answer?.rows[0]?.[0] === JSON.stringify(update);
}
