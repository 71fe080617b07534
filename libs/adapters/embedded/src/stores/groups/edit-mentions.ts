import type { ConversationId, MessageId, UserId } from '@chasqui/domain';
import type { Database } from '../../sqlite/database.ts';
import type { StoreContext } from '../store-context.ts';
import { Who } from './tallies.ts';

const ADD = 'INSERT OR IGNORE INTO edit_mentions VALUES (?, ?, ?, ?)';
const AFTER = 'SELECT count(*) FROM edit_mentions WHERE conversation = ? AND user = ? AND id > ?';
const DROP = 'DELETE FROM edit_mentions WHERE conversation = ? AND user = ? AND id <= ?';
/** Above every message id. */
const NO_BOUND = '~';

/** An edit of a group's message names these users: see `ConversationStore.act`. */
export function nameInEdit(
  { db, groups, members, tallies }: StoreContext,
  { conversationId, messageId, by }: { conversationId: ConversationId; messageId: MessageId; by: UserId },
  named: readonly UserId[],
  now: number,
): void {
  const state = groups.find(conversationId);
  if (state === undefined || tallies.has(state.id, Who.toAll, messageId)) return;
  for (const userId of named) {
    const row = userId === by ? undefined : members.current(state.id, { conversationId, userId });
    if (row === undefined || messageId <= row.read.upTo) continue;
    if (tallies.has(state.id, Who.named(row.user), messageId)) continue;
    db.run(ADD, state.id, row.user, messageId, now);
  }
}

/** How many messages after an id mention the member since an edit. */
export function editMentionsAfter(db: Database, group: number, user: number, after: MessageId | ''): number {
  return db.number(AFTER, group, user, after);
}

/** The member's mark has passed a message; without one: they left, or came anew. */
export function dropEditMentions(db: Database, group: number, user: number, upTo: MessageId = NO_BOUND): void {
  db.run(DROP, group, user, upTo);
}
