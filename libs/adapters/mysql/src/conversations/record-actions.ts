import { actionUpdate, isGroupId, type Place, previewAfter, removesContent } from '@chasqui/domain';
import type { ActionToRecord } from '@chasqui/ports';
import { dropReferences } from '../attachments/references.ts';
import type { Database, Statement, Transaction } from '../engine/index.ts';
import { nameInEdit } from '../groups/edit-mentions.ts';
import { type Head, lockHeads, saveHeads } from '../logs/log-heads.ts';
import { Appender, isEntry, updateEntry } from '../logs/log-rows.ts';
import { nameOf, sortedKeys } from '../messages/message-row.ts';
import { dropReactions } from '../reactions/react.ts';

const KNOWN = `SELECT conversation_id, message_id, MAX(revision) FROM message_actions
  WHERE (conversation_id, message_id) IN (?) GROUP BY conversation_id, message_id`;
const NOTE = 'INSERT INTO message_actions (conversation_id, message_id, revision) VALUES (?, ?, ?)';
/** Only the latest one tells whether a revision comes too late, so that many edits of a message keep one row. */
const FORGET = 'DELETE FROM message_actions WHERE conversation_id = ? AND message_id = ? AND revision < ?';
const SET_GROUP_PREVIEW = 'UPDATE chat_groups SET preview = ? WHERE conversation_id = ? AND last_message_id = ?';
const SET_PREVIEW = 'UPDATE conversation_entries SET preview = ? WHERE conversation_id = ? AND last_message_id = ?';

/** See `ConversationStore.act`: one transaction, of two round trips. */
export function recordActions(database: Database, actions: readonly ActionToRecord[]): Promise<(Place[] | null)[]> {
  const logs = actions.flatMap(({ audience }) => audience);
  const known: Statement = { sql: KNOWN, values: [sortedKeys(actions)] };
  return database.transaction<(Place[] | null)[]>(async (transaction, earlier) => {
    const { locked, answers } = await lockHeads(transaction, logs, [known]);
    const rows = (answers[0]?.rows ?? []) as [conversationId: string, messageId: string, revision: number][];
    const revisions = new Map(
      rows.map(([conversationId, messageId, revision]) => [nameOf({ conversationId, messageId }), Number(revision)]),
    );
    const now = database.clock.now();
    const appender = new Appender(now);
    const result: (Place[] | null)[] = [];
    /** The last action of the call on each message. */
    const last = new Map<string, ActionToRecord>();
    const effects: Statement[] = [];
    for (const [index, action] of actions.entries()) {
      const name = nameOf(action);
      if ((revisions.get(name) ?? 0) >= action.revision) {
        const before = earlier?.[index];
        result.push(before != null && (await areThere(transaction, before, action)) ? before : null);
        continue;
      }
      revisions.set(name, action.revision);
      last.set(name, action);
      const entry = updateEntry(actionUpdate(action, action));
      result.push(action.audience.map((log) => ({ log, position: appender.append(locked.get(log) as Head, entry) })));
      effects.push(...effectsOf(action, now));
    }
    if (last.size === 0) return { result, writes: [] };
    const notes = [...last.values()].flatMap(noteOf);
    const previews = [...last.values()].map(previewOf);
    return { result, writes: [...notes, ...appender.statements(), saveHeads(appender.heads), ...previews, ...effects] };
  });
}

function noteOf({ conversationId, messageId, revision }: ActionToRecord): Statement[] {
  const key = [conversationId, messageId, revision];
  return [{ sql: NOTE, values: key }, ...(revision > 1 ? [{ sql: FORGET, values: key }] : [])];
}

function previewOf(action: ActionToRecord): Statement {
  const { conversationId, messageId } = action;
  const sql = isGroupId(conversationId) ? SET_GROUP_PREVIEW : SET_PREVIEW;
  return { sql, values: [previewAfter(action), conversationId, messageId] };
}

function effectsOf(action: ActionToRecord, now: number): Statement[] {
  const dropped = removesContent(action)
    ? [...dropReferences(action.conversationId, [action.messageId], now), dropReactions(action)]
    : [];
  return [...dropped, ...nameInEdit(action, now)];
}

async function areThere(transaction: Transaction, places: readonly Place[], action: ActionToRecord): Promise<boolean> {
  const update = actionUpdate(action, action);
  for (const place of places) if (!(await isEntry(transaction, { ...place, update }))) return false;
  return true;
}
