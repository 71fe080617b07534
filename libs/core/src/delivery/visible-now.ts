import type { ConversationId, MessageId, StoredMessage, UserId } from '@chasqui/domain';
import type { ConversationStateStore } from '@chasqui/ports';
import type { ConversationAccess } from '../access/conversation-access.ts';
import { withoutHidden } from './hidden-messages.ts';

/** What says which messages a user sees. */
export interface VisibilityContext {
  access: Pick<ConversationAccess, 'visible'>;
  conversationStates: Pick<ConversationStateStore, 'get' | 'hiddenAmong'>;
}

/**
 * Those of the messages that the user may see and has neither cleared nor hidden, in their order; null for each of the
 * others. Errors: `store_unavailable`.
 */
export async function visibleNow(
  context: VisibilityContext,
  userId: UserId,
  found: readonly (StoredMessage | null)[],
): Promise<(StoredMessage | null)[]> {
  const visible = await context.access.visible(userId, found);
  const ids = visible.flatMap((message) => (message === null ? [] : [message.conversationId]));
  const [cleared, kept] = await Promise.all([
    clearedIn(context, userId, ids),
    withoutHidden(context.conversationStates, userId, visible),
  ]);
  return kept.map((message) =>
    message !== null && message.messageId > (cleared.get(message.conversationId) ?? '') ? message : null,
  );
}

/** Gives for each conversation where the user's history and search end. Errors: `store_unavailable`. */
export async function clearedIn(
  { conversationStates }: { conversationStates: Pick<ConversationStateStore, 'get'> },
  userId: UserId,
  conversationIds: Iterable<ConversationId>,
): Promise<ReadonlyMap<ConversationId, MessageId | ''>> {
  const ids = [...new Set(conversationIds)];
  const states = await conversationStates.get(ids.map((conversationId) => ({ userId, conversationId })));
  return new Map(ids.map((conversationId, i) => [conversationId, states[i]?.clearedUpTo ?? '']));
}
