import type { ConversationId, ConversationState, MessageId, Position, StateChange, UserId } from '@chasqui/domain';
import type { EntryKey } from './conversation-store.ts';
import type { MessageKey } from './message-store.ts';

export interface ChangedState {
  state: ConversationState;
  /** Of the `conversation_state` update in the user's inbox; null: nothing changed, and nothing was written. */
  position: Position | null;
}

/**
 * What users have set in conversations, kept only where it differs from the default. The same engine as
 * `ConversationStore`, whose read marks undo `markedUnread`. Errors: `store_unavailable` (it is unknown whether the write
 * happened; repeat it).
 */
export interface ConversationStateStore extends AsyncDisposable {
  /** In the order of the keys; the default where nothing is set. */
  get(keys: readonly EntryKey[]): Promise<ConversationState[]>;
  /**
   * Applies the changes, and appends the new state to the user's inbox, in one transaction. A resolved change survives
   * kill -9. Errors: `limit_reached` (field `conversationId`) at `maxStatesPerUser`.
   */
  change(key: EntryKey, changes: StateChange, at: number): Promise<ChangedState>;
  /**
   * The states that a user has set, by conversation id, at most `limit`; `after` is the last conversation of the page
   * before. One whose only setting was undone by reading is among them.
   */
  of(
    userId: UserId,
    page: { after?: ConversationId; limit: number },
  ): Promise<{ conversationId: ConversationId; state: ConversationState }[]>;
  /**
   * Hides messages of a conversation from the user alone, and appends one `hidden` update with those that were not hidden
   * before to the user's inbox, in one transaction; null: all were. Counts do not move. A resolved call survives kill -9.
   * Errors: `limit_reached` (field `messageIds`) at `maxHiddenPerUser`; nothing was changed then.
   */
  hide(key: EntryKey, messageIds: readonly MessageId[], at: number): Promise<Position | null>;
  /** For each key, in order, whether the user has hidden the message. */
  hiddenAmong(userId: UserId, keys: readonly MessageKey[]): Promise<boolean[]>;
  /** Shows again at most `limit` of the user's hidden messages, without an update; returns how many. For erasure. */
  dropHidden(userId: UserId, limit: number): Promise<number>;
  ping(): Promise<void>;
}
