import { isCurrent, type SeenReactions, SYSTEM_USER, type UserId } from '@chasqui/domain';
import type { MessageKey, ReactionStore } from '@chasqui/ports';
import type { ConversationAccess } from '../access/conversation-access.ts';

/**
 * The reactions to messages that a user may see, in their order; null: there are none. Those of now are not for who has
 * left the group (C20). Errors: `store_unavailable`.
 */
export async function seenReactions(
  { access, reactions }: { access: Pick<ConversationAccess, 'places'>; reactions: Pick<ReactionStore, 'seen'> },
  userId: UserId,
  messages: readonly MessageKey[],
): Promise<(SeenReactions | null)[]> {
  const ids = messages.map(({ conversationId }) => conversationId);
  const [seen, places] = await Promise.all([
    reactions.seen(userId, messages),
    userId === SYSTEM_USER ? null : access.places(userId, ids),
  ]);
  return seen.map((one, index) => {
    const place = places?.get(ids[index] ?? '');
    return place === undefined || isCurrent(place.member) ? one : null;
  });
}
