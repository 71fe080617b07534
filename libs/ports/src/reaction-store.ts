import type {
  Audience,
  ConversationId,
  MessageId,
  MessageReactions,
  Place,
  ReactionLimits,
  ReactionOutcome,
  Reactor,
  SeenReactions,
  UserId,
  WantedReaction,
} from '@chasqui/domain';
import type { MessageKey } from './message-store.ts';

/** Changes of the reactions to one message. */
export interface ReactionsToRecord {
  conversationId: ConversationId;
  messageId: MessageId;
  /** The audience of the message. */
  audience: Audience;
  /** The revision of the message as it was when it was judged that these may react to it. */
  messageRevision: number;
  /** In order; at most `MAX_CHANGES`. */
  wanted: readonly WantedReaction[];
  limits: ReactionLimits;
}

export interface RecordedReactions {
  /** In the order of what was wanted. */
  outcomes: readonly ReactionOutcome[];
  /** What the reactions are after it. */
  reactions: MessageReactions;
  /** Of the update in each log of the audience; empty: nothing changed. */
  places: readonly Place[];
}

/** What a user has reacted with to one message. */
export type OwnReactions = MessageKey & Omit<Reactor, 'userId'>;

/**
 * Reactions to messages: a row for each user and message, and one with the counts of the message. The same engine as
 * `ConversationStore`, whose `act` drops all of a message with its content. Errors: `store_unavailable` (it is unknown
 * whether the write happened; repeat it, every call is idempotent).
 */
export interface ReactionStore extends AsyncDisposable {
  /**
   * Applies the changes (`applyReactions`), and, if any changed something, appends one `react` update to each log of the
   * audience, in one transaction that survives kill -9. So counts are exact, whoever else reacts. Null: an action with a
   * higher revision than `messageRevision` is recorded of the message, such as a recall; nothing was changed.
   */
  react(reactions: ReactionsToRecord): Promise<RecordedReactions | null>;
  /** In the order of the keys; null: nobody has ever reacted to it, or it was recalled. */
  seen(userId: UserId, keys: readonly MessageKey[]): Promise<(SeenReactions | null)[]>;
  /**
   * Users who have reacted to a message, or have with one emoji, in an order of the store's own that does not change;
   * `after`: the last user of the page before. A page may have fewer than `limit`, as a call looks at 2,000 rows at most;
   * `next` is then where to go on. Null: nobody follows.
   */
  reactors(
    key: MessageKey,
    page: { emoji?: string; after?: UserId; limit: number },
  ): Promise<{ reactors: Reactor[]; next: UserId | null }>;
  /** The messages that a user has reacted to, in an order of the store's own that does not change; `after`: the last one of the page before. */
  of(userId: UserId, page: { after?: MessageKey; limit: number }): Promise<OwnReactions[]>;
  ping(): Promise<void>;
}

/** Rows that one call of `ReactionStore.reactors` looks at. */
export const MAX_REACTORS_READ = 2_000;
