import type { MessageAction, UserId } from '@chasqui/domain';
import type { MessageKey } from '@chasqui/ports';
import type { Statement } from '../engine/index.ts';
import { Who } from './totals.ts';

const COUNTED = (who: string) => `EXISTS (SELECT 1 FROM group_totals AS t
    WHERE t.conversation_id = m.conversation_id AND t.who = ${who} AND t.message_id = ?)`;
const ADD = `INSERT IGNORE INTO edit_mentions (conversation_id, user_id, message_id, at)
  SELECT m.conversation_id, m.user_id, ?, ? FROM group_members AS m FORCE INDEX (PRIMARY)
  WHERE m.conversation_id = ? AND m.user_id IN (?) AND m.left_at = 0 AND m.read_up_to < ?
    AND NOT ${COUNTED(`'${Who.toAll}'`)} AND NOT ${COUNTED(`CONCAT('${Who.named('')}', m.user_id)`)}`;
const PASSED = 'DELETE FROM edit_mentions WHERE conversation_id = ? AND user_id = ? AND message_id <= ?';
const LEFT = 'DELETE FROM edit_mentions WHERE conversation_id = ? AND user_id IN (?)';

/** An edit of a group's message names users: see `ConversationStore.act`. The caller has the lock of the group's log. */
export function nameInEdit(action: MessageAction & MessageKey, now: number): Statement[] {
  const { conversationId, messageId, by } = action;
  const named = action.action === 'edit' ? (action.mentions ?? []).filter((userId) => userId !== by) : [];
  if (named.length === 0) return [];
  return [{ sql: ADD, values: [messageId, now, conversationId, named, messageId, messageId, messageId] }];
}

/** The member's mark has passed these. One that an edit writes meanwhile is dropped by the next mark, and counts no more. */
export function passEditMentions(conversationId: string, userId: UserId, upTo: string): Statement {
  return { sql: PASSED, values: [conversationId, userId, upTo] };
}

/** They left the group, or came anew. */
export function dropEditMentions(conversationId: string, userIds: readonly UserId[]): Statement[] {
  return userIds.length === 0 ? [] : [{ sql: LEFT, values: [conversationId, userIds] }];
}
