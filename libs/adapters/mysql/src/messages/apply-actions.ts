import { applyAction, encodeMessage, encodeSteps, type StoredMessage, stepOfAction } from '@chasqui/domain';
import type { ApplyResult, HandledAction } from '@chasqui/ports';
import type { Database, Row, Statement } from '../engine/index.ts';
import { COLUMNS, nameOf, sortedKeys, storedMessage } from './message-row.ts';

const LOCK = `SELECT ${COLUMNS} FROM messages FORCE INDEX (PRIMARY) WHERE (conversation_id, message_id) IN (?)
  ORDER BY conversation_id, message_id FOR UPDATE`;
const APPLY = `UPDATE messages SET body = ?, revision = ?, recalled_at = ?, steps = CONCAT(steps, ?)
  WHERE conversation_id = ? AND message_id = ?`;
/** The place of the body in `COLUMNS`. */
const BODY = 7;

/** A locked message, with what the actions of the batch make of it. */
interface Changing {
  message: StoredMessage;
  steps: string;
  /** The text in the row. */
  found: string;
}

/** `MessageStore.apply` for as many as one transaction takes: each message is read and written once. */
export function applyActions(database: Database, actions: readonly HandledAction[]): Promise<ApplyResult[]> {
  /** The last text that an attempt wrote, by message: its answer may have been lost. */
  const written = new Map<string, string>();
  return database.transaction<ApplyResult[]>(async (transaction, earlier) => {
    const [answer] = await transaction.query([{ sql: LOCK, values: [sortedKeys(actions)] }]);
    const messages = new Map(answer?.rows.map(changing).map((one) => [nameOf(one.message), one]));
    const ours = new Set([...messages].flatMap(([name, { found }]) => (written.get(name) === found ? [name] : [])));
    const changed = new Set<string>();
    const result = actions.map((one, index): ApplyResult => {
      const name = nameOf(one);
      const kept = messages.get(name);
      if (kept === undefined) return 'missing';
      if (kept.message.revision >= one.action.revision)
        return earlier?.[index] === 'applied' && ours.has(name) ? 'applied' : 'superseded';
      kept.message = applyAction(kept.message, one.action);
      kept.steps += encodeSteps([stepOfAction(one.action, one.node)]);
      changed.add(name);
      return 'applied';
    });
    const writes = [...changed].map((name) => {
      const kept = messages.get(name) as Changing;
      const { text } = encodeMessage(kept.message);
      written.set(name, text);
      return writeOf(kept, text);
    });
    return { result, writes };
  });
}

function changing(row: Row): Changing {
  return { message: storedMessage(row), steps: '', found: row[BODY] as string };
}

function writeOf({ message, steps }: Changing, text: string): Statement {
  const { conversationId, messageId, revision, recalledAt } = message;
  return { sql: APPLY, values: [text, revision, recalledAt ?? null, steps, conversationId, messageId] };
}
