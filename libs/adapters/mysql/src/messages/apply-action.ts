import { applyAction, encodeMessage, encodeSteps, type MessageAction, stepOfAction } from '@chasqui/domain';
import type { ApplyResult, MessageKey } from '@chasqui/ports';
import type { Database } from '../engine/index.ts';
import { COLUMNS, storedMessage } from './message-row.ts';

const LOCK = `SELECT ${COLUMNS} FROM messages WHERE conversation_id = ? AND message_id = ? FOR UPDATE`;
const APPLY = `UPDATE messages SET body = ?, revision = ?, recalled_at = ?, steps = CONCAT(steps, ?)
  WHERE conversation_id = ? AND message_id = ?`;
/** The place of the body in `COLUMNS`. */
const BODY = 7;

/** `MessageStore.apply`. */
export function applyToMessage(
  database: Database,
  { conversationId, messageId }: MessageKey,
  action: MessageAction,
  node: string,
): Promise<ApplyResult> {
  const key = [conversationId, messageId];
  let written = '';
  return database.transaction<ApplyResult>(async (transaction, earlier) => {
    const [answer] = await transaction.query([{ sql: LOCK, values: key }]);
    const row = answer?.rows[0];
    if (row === undefined) return { result: 'missing', writes: [] };
    const message = storedMessage(row);
    if (message.revision >= action.revision) {
      const isOurs = earlier === 'applied' && message.revision === action.revision && row[BODY] === written;
      return { result: isOurs ? 'applied' : 'superseded', writes: [] };
    }
    const changed = applyAction(message, action);
    written = encodeMessage(changed).text;
    const step = encodeSteps([stepOfAction(action, node)]);
    const values = [written, action.revision, changed.recalledAt ?? null, step, ...key];
    return { result: 'applied', writes: [{ sql: APPLY, values }] };
  });
}
