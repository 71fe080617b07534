import type { MessageId } from '@chasqui/domain';
import { setNewest } from '../basics/newest.ts';
import type { ChatMessage } from '../conversations/chat-message.ts';
import { type ConversationKey, namedBy } from '../conversations/direct.ts';
import type { ShownReactions } from '../conversations/shown-reactions.ts';
import type { Core } from '../core.ts';

/** Reactions to messages that are not in memory. Beyond: the oldest are forgotten; a synced message brings its own. */
const MAX_EARLY = 1_000;

export const NO_REACTIONS: ShownReactions = { revision: 0, counts: [] };

/** The reactions to messages as this device knows and shows them. Of those that are not in memory, events alone tell. */
export class KnownReactions {
  readonly #core: Core;
  readonly #early = new Map<MessageId, ShownReactions>();

  constructor(core: Core) {
    this.#core = core;
  }

  of(key: ConversationKey, messageId: MessageId): ShownReactions | undefined {
    return this.#message(key, messageId)?.reactions ?? this.#early.get(messageId);
  }

  /** The server said this. A message that is not in memory may come later, with the reactions that it had first. */
  keep(key: ConversationKey, messageId: MessageId, reactions: ShownReactions): void {
    if (this.#message(key, messageId) !== undefined) return;
    setNewest(this.#early, messageId, reactions, MAX_EARLY);
    this.#core.durable.keeper?.change(key, messageId, { reactions });
  }

  /** What was kept of a message, which is in memory now, or recalled. */
  take(messageId: MessageId): ShownReactions | undefined {
    const early = this.#early.get(messageId);
    this.#early.delete(messageId);
    return early;
  }

  show(key: ConversationKey, messageId: MessageId, reactions: ShownReactions | undefined): void {
    const { timeline, emitter, userId } = this.#core;
    const message = this.#message(key, messageId);
    if (message?.recalledAt !== undefined) return;
    if (message !== undefined) timeline.change(key, messageId, { reactions });
    const { conversationId, peer } = namedBy(userId, key);
    if (conversationId === '') return;
    emitter.emit('reactions', { conversationId, peer, messageId, reactions: reactions ?? NO_REACTIONS });
  }

  #message(key: ConversationKey, messageId: MessageId): ChatMessage | undefined {
    return this.#core.timeline.peek(key)?.find(messageId);
  }
}
