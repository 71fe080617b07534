import {
  ATTACHMENT_LIMITS,
  type AttachmentHolder,
  type AttachmentId,
  type MessageId,
  type UserId,
} from '@chasqui/domain';
import type { Database } from '../../sqlite/database.ts';

const READY = 'SELECT owner, refs FROM attachments WHERE id = ? AND state = 1';
const REFER = 'INSERT OR IGNORE INTO attachment_refs (holder, message, attachment) VALUES (?, ?, ?)';
const COUNT = 'UPDATE attachments SET refs = refs + 1 WHERE id = ?';
const NAMED = 'SELECT attachment FROM attachment_refs WHERE holder = ? AND message = ?';
const DROP = 'DELETE FROM attachment_refs WHERE holder = ? AND message = ?';
const UNCOUNT = 'UPDATE attachments SET refs = refs - 1, due_at = ? WHERE id = ?';

/** `by`: see `ConversationStore.record`; null: for a legal hold. */
export function refer(
  db: Database,
  ids: readonly AttachmentId[],
  { holder, messageId, by }: { holder: AttachmentHolder; messageId: MessageId; by: UserId | null },
): void {
  for (const id of ids) {
    const row = db.get(READY, id);
    if (row === undefined || (by !== null && row[0] !== by && row[1] === 0)) continue;
    if (db.run(REFER, holder, messageId, id) > 0) db.run(COUNT, id);
  }
}

/** The message refers to nothing any more. `dueAt`: Unix ms at which what has no reference then is collected. */
export function dropReferences(
  db: Database,
  holder: AttachmentHolder,
  messageId: MessageId,
  now: number,
  dueAt = now + ATTACHMENT_LIMITS.unusedMs,
): void {
  const named = db.all(NAMED, holder, messageId);
  if (named.length === 0) return;
  db.run(DROP, holder, messageId);
  for (const [id] of named) db.run(UNCOUNT, dueAt, id as string);
}
