import {
  type ConversationId,
  type InboxUpdate,
  type MessageId,
  membersOf,
  type Position,
  type UserId,
} from '@chasqui/domain';
import type { Database, Transaction } from '../engine/index.ts';
import { Appender, isEntry, updateEntry } from './inbox-entries.ts';
import { type Head, lockHeads, saveHeads } from './inbox-heads.ts';

const KNOWN = 'SELECT 1 FROM recalls WHERE conversation_id = ? AND message_id = ?';
const NOTE = 'INSERT INTO recalls (conversation_id, message_id) VALUES (?, ?)';
const EMPTY_PREVIEW = "UPDATE sessions SET preview = '' WHERE conversation_id = ? AND last_message_id = ?";

export interface Recall {
  conversationId: ConversationId;
  messageId: MessageId;
  by: UserId;
  at: number;
  /** The sender's alone. */
  silenced: boolean;
}

export type RecallPositions = { [userId: UserId]: Position };

/** See `SessionStore.recall`. */
export function recall(
  database: Database,
  { conversationId, messageId, by, at, silenced }: Recall,
): Promise<RecallPositions | null> {
  const members = silenced ? [by] : membersOf(conversationId);
  const key = [conversationId, messageId];
  const update: InboxUpdate = { type: 'recall', conversationId, messageId, by, at };
  return database.transaction<RecallPositions | null>(async (transaction, earlier) => {
    const { locked, answers } = await lockHeads(transaction, members, [{ sql: KNOWN, values: key }]);
    if (answers[0]?.rows.length !== 0) {
      const ours = earlier !== undefined && earlier !== null && (await isThere(transaction, earlier, update));
      return { result: ours ? earlier : null, writes: [] };
    }
    const appender = new Appender(database.clock.now());
    const positions: RecallPositions = {};
    for (const userId of members) positions[userId] = appender.append(locked.get(userId) as Head, updateEntry(update));
    return {
      result: positions,
      writes: [
        { sql: NOTE, values: key },
        ...appender.statements(),
        saveHeads(locked.values()),
        { sql: EMPTY_PREVIEW, values: key },
      ],
    };
  });
}

async function isThere(transaction: Transaction, positions: RecallPositions, update: InboxUpdate): Promise<boolean> {
  for (const [userId, position] of Object.entries(positions)) {
    if (!(await isEntry(transaction, { userId, position, update }))) return false;
  }
  return true;
}
