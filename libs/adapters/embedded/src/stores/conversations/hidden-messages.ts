import { type LogUpdate, STATE_LIMITS, tooManyHidden } from '@chasqui/domain';
import type { Handlers } from '../../worker-link/caller.ts';
import type { StoreContext } from '../store-context.ts';
import type { StoreOperations } from '../store-operations.ts';

type Name = 'hide' | 'hiddenAmong' | 'dropHidden';
type HiddenOperations = Handlers<Pick<StoreOperations, `conversationStates.${Name}`>>;

const IS_HIDDEN = 'SELECT 1 FROM hidden_messages WHERE user = ? AND conversation = ? AND message_id = ?';
const ANY = 'SELECT 1 FROM hidden_messages WHERE user = ? LIMIT 1';
const PUT = 'INSERT INTO hidden_messages VALUES (?, ?, ?)';
const COUNT = 'SELECT count(*) FROM hidden_messages WHERE user = ?';
const SOME = 'SELECT conversation, message_id FROM hidden_messages WHERE user = ? LIMIT ?';
const DROP = 'DELETE FROM hidden_messages WHERE user = ? AND conversation = ? AND message_id = ?';

/** The messages that users deleted for themselves; see `ConversationStateStore`. */
export function hiddenOperations({ db, users, conversations, journal }: StoreContext): HiddenOperations {
  const isHidden = (user: number, conversation: number, messageId: string) =>
    db.get(IS_HIDDEN, user, conversation, messageId) !== undefined;
  return {
    'conversationStates.hide'([{ userId, conversationId }, messageIds, at], now) {
      const user = users.obtain(userId);
      const { id } = conversations.obtain(conversationId);
      const fresh = [...new Set(messageIds)].filter((messageId) => !isHidden(user.id, id, messageId));
      if (fresh.length === 0) return null;
      if (db.number(COUNT, user.id) + fresh.length > STATE_LIMITS.maxHiddenPerUser) throw tooManyHidden();
      for (const messageId of fresh) db.run(PUT, user.id, id, messageId);
      const update: LogUpdate = { type: 'hidden', conversationId, messageIds: fresh, at };
      return journal.append(user, JSON.stringify(update), now);
    },
    'conversationStates.hiddenAmong'([userId = '', ...pairs]) {
      const user = users.find(userId);
      // Most users have hidden nothing: one look is enough for them.
      if (user === undefined || db.get(ANY, user.id) === undefined) return Array(pairs.length / 2).fill(false);
      const found: boolean[] = [];
      for (let at = 0; at < pairs.length; at += 2) {
        const [name = '', messageId = ''] = pairs.slice(at, at + 2);
        const conversation = conversations.find(name);
        found.push(conversation !== undefined && isHidden(user.id, conversation.id, messageId));
      }
      return found;
    },
    'conversationStates.dropHidden'([userId, limit]) {
      const user = users.find(userId);
      if (user === undefined) return 0;
      const rows = db.all(SOME, user.id, limit);
      for (const [conversation, messageId] of rows) db.run(DROP, user.id, conversation as number, messageId as string);
      return rows.length;
    },
  };
}
