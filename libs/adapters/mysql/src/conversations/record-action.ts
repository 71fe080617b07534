import { actionUpdate, isGroupId, type LogUpdate, type Place, previewAfter, removesContent } from '@chasqui/domain';
import type { ActionToRecord } from '@chasqui/ports';
import { dropReferences } from '../attachments/references.ts';
import type { Database, Statement, Transaction } from '../engine/index.ts';
import { nameInEdit } from '../groups/edit-mentions.ts';
import { type Head, lockHeads, saveHeads } from '../logs/log-heads.ts';
import { Appender, isEntry, updateEntry } from '../logs/log-rows.ts';
import { dropReactions } from '../reactions/react.ts';

const KNOWN = 'SELECT 1 FROM message_actions WHERE conversation_id = ? AND message_id = ? AND revision >= ? LIMIT 1';
const NOTE = 'INSERT INTO message_actions (conversation_id, message_id, revision) VALUES (?, ?, ?)';
/** Only the latest one tells whether a revision comes too late, so that many edits of a message keep one row. */
const FORGET = 'DELETE FROM message_actions WHERE conversation_id = ? AND message_id = ? AND revision < ?';
const SET_GROUP_PREVIEW = 'UPDATE chat_groups SET preview = ? WHERE conversation_id = ? AND last_message_id = ?';
const SET_PREVIEW = 'UPDATE conversation_entries SET preview = ? WHERE conversation_id = ? AND last_message_id = ?';

/** See `ConversationStore.act`. */
export function recordAction(database: Database, { audience, ...action }: ActionToRecord): Promise<Place[] | null> {
  const { conversationId, messageId, revision } = action;
  const key = [conversationId, messageId, revision];
  const update: LogUpdate = actionUpdate(action, action);
  return database.transaction<Place[] | null>(async (transaction, earlier) => {
    const { locked, answers } = await lockHeads(transaction, audience, [{ sql: KNOWN, values: key }]);
    if (answers[0]?.rows.length !== 0) {
      const isOurs = earlier != null && (await areThere(transaction, earlier, update));
      return { result: isOurs ? earlier : null, writes: [] };
    }
    const appender = new Appender(database.clock.now());
    const places = audience.map((log) => ({
      log,
      position: appender.append(locked.get(log) as Head, updateEntry(update)),
    }));
    const notes: Statement[] = [{ sql: NOTE, values: key }, ...(revision > 1 ? [{ sql: FORGET, values: key }] : [])];
    const preview: Statement = {
      sql: isGroupId(conversationId) ? SET_GROUP_PREVIEW : SET_PREVIEW,
      values: [previewAfter(action), conversationId, messageId],
    };
    const dropped = removesContent(action)
      ? [...dropReferences(conversationId, [messageId], database.clock.now()), dropReactions(action)]
      : [];
    return {
      result: places,
      writes: [
        ...notes,
        ...appender.statements(),
        saveHeads(locked.values()),
        preview,
        ...dropped,
        ...nameInEdit(action, database.clock.now()),
      ],
    };
  });
}

async function areThere(transaction: Transaction, places: readonly Place[], update: LogUpdate): Promise<boolean> {
  for (const place of places) if (!(await isEntry(transaction, { ...place, update }))) return false;
  return true;
}
