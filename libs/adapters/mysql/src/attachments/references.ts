import {
  ATTACHMENT_LIMITS,
  type AttachmentHolder,
  type AttachmentId,
  type MessageId,
  type UserId,
} from '@chasqui/domain';
import type { Statement } from '../engine/index.ts';

const COUNT = `UPDATE attachments SET refs = refs + 1 WHERE attachment_id = ? AND state = 1
  AND (? = '' OR owner_id = ? OR refs > 0)
  AND NOT EXISTS (SELECT 1 FROM attachment_refs WHERE holder = ? AND message_id = ? AND attachment_id = ?)`;
/** Only if the statement before has counted it. */
const REFER = `INSERT INTO attachment_refs (holder, message_id, attachment_id)
  SELECT ?, ?, ? FROM DUAL WHERE ROW_COUNT() > 0`;
const UNCOUNT = `UPDATE attachment_refs AS ref JOIN attachments AS one ON one.attachment_id = ref.attachment_id
  SET one.refs = one.refs - 1, one.due_at = ? WHERE ref.holder = ? AND ref.message_id IN (?)`;
const DROP = 'DELETE FROM attachment_refs WHERE holder = ? AND message_id IN (?)';

export interface Reference {
  id: AttachmentId;
  holder: AttachmentHolder;
  messageId: MessageId;
  /** See `ConversationStore.record`; null: for a legal hold. */
  by: UserId | null;
}

/** Locks attachments in the order of their ids, as every transaction does. */
export function refer(references: readonly Reference[]): Statement[] {
  const inOrder = references.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return inOrder.flatMap(({ id, holder, messageId, by }) => [
    { sql: COUNT, values: [id, by ?? '', by ?? '', holder, messageId, id] },
    { sql: REFER, values: [holder, messageId, id] },
  ]);
}

/** These messages refer to nothing any more. `dueAt`: Unix ms at which what has no reference then is collected. */
export function dropReferences(
  holder: AttachmentHolder,
  messageIds: readonly MessageId[],
  now: number,
  dueAt = now + ATTACHMENT_LIMITS.unusedMs,
): Statement[] {
  return [
    { sql: UNCOUNT, values: [dueAt, holder, messageIds] },
    { sql: DROP, values: [holder, messageIds] },
  ];
}
