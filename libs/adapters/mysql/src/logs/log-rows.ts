import {
  type ConversationId,
  directPeer,
  encodeLogUpdate,
  type LogEntry,
  type LogId,
  type LogUpdate,
  type MessageId,
  type Position,
  parseLogUpdate,
  type UserId,
} from '@chasqui/domain';
import type { Row, Statement, Transaction } from '../engine/index.ts';
import type { Head } from './log-heads.ts';

// Only this file knows the columns of a log's row.

/** Kinds of log rows; described at the table. */
export const Kind = { incoming: 1, outgoing: 2, update: 3 } as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

/** A log row without its place. */
export interface Entry {
  kind: Kind;
  /** Only of messages. */
  sender: UserId;
  conversationId: ConversationId;
  messageId: MessageId;
  previous: Position;
  body: string;
}

/** The columns that `entryOf` reads, after the position. */
export const ENTRY_COLUMNS = 'kind, conversation_id, message_id, sender, body';
const INSERT =
  'INSERT INTO inbox (user_id, position, at, kind, conversation_id, message_id, sender, previous, body) VALUES ?';

export function updateEntry(update: LogUpdate): Entry {
  const body = encodeLogUpdate(update);
  return { kind: Kind.update, sender: '', conversationId: '', messageId: '', previous: 0, body };
}

/** Collects what a transaction appends, and assigns each entry its place. */
export class Appender {
  readonly #now: number;
  readonly #rows: Row[] = [];
  readonly #heads = new Set<Head>();

  constructor(now: number) {
    this.#now = now;
  }

  append(head: Head, { kind, conversationId, messageId, sender, previous, body }: Entry): Position {
    const position = ++head.head;
    head.oldestAt ??= this.#now;
    this.#rows.push([head.log, position, this.#now, kind, conversationId, messageId, sender, previous, body]);
    this.#heads.add(head);
    return position;
  }

  /** Logs that were appended to. */
  get heads(): ReadonlySet<Head> {
    return this.#heads;
  }

  /** Empty if nothing was appended. */
  statements(): Statement[] {
    return this.#rows.length === 0 ? [] : [{ sql: INSERT, values: [this.#rows] }];
  }
}

/** Decodes a row of `position, ENTRY_COLUMNS`. */
export function entryOf(log: LogId, row: Row): LogEntry {
  const [position, kind, conversationId, messageId, sender, body] = row as [number, Kind, ...string[]] as [
    ...[position: number, kind: Kind, conversationId: string, messageId: string, sender: string, body: string],
  ];
  if (kind === Kind.update) return { ...parseLogUpdate(body), position };
  const from = sender === '' ? formerSender(log, kind, conversationId) : sender;
  return { type: 'message', conversationId, messageId, from, clientMessageId: body, position };
}

/** Rows of 0.1, all of inboxes and direct conversations, say only whether the owner sent the message. */
function formerSender(owner: UserId, kind: Kind, conversationId: ConversationId): UserId {
  return kind === Kind.outgoing ? owner : (directPeer(conversationId, owner) ?? '');
}

/** Whether this same update is already at that place. */
export async function isEntry(
  transaction: Transaction,
  { log, position, update }: { log: LogId; position: Position; update: LogUpdate },
): Promise<boolean> {
  const [answer] = await transaction.query([
    { sql: 'SELECT body FROM inbox WHERE user_id = ? AND position = ?', values: [log, position] },
  ]);
  return answer?.rows[0]?.[0] === encodeLogUpdate(update);
}
