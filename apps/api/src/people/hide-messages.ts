import { withoutHidden } from '@chasqui/core';
import { type ConversationId, ImError, type MessageId, type Position, type UserId } from '@chasqui/domain';
import { encodeServerFrame } from '@chasqui/protocol';
import type { ApiContext } from '../context.ts';

type HideContext = Pick<ApiContext, 'access' | 'clock' | 'conversationStates' | 'messages' | 'router'>;

/**
 * Hides messages of a conversation that the user is or was in from that user alone, and tells their devices. Returns the
 * position of the update in the user's inbox; null: all were hidden before. Errors: `message_not_found`, which names the
 * first one that the user may not see; `limit_reached`, `store_unavailable`.
 */
export async function hideMessages(
  { access, clock, conversationStates, messages, router }: HideContext,
  { userId, conversationId }: { userId: UserId; conversationId: ConversationId },
  messageIds: readonly MessageId[],
): Promise<Position | null> {
  const found = await messages.get(messageIds.map((messageId) => ({ conversationId, messageId })));
  const visible = await access.visible(userId, found);
  const unseen = visible.indexOf(null);
  if (unseen !== -1) {
    const field = `messageIds.${unseen}`;
    throw new ImError('message_not_found', 'there is no such message in this conversation', { field });
  }
  const fresh = (await withoutHidden(conversationStates, userId, visible)).filter((message) => message !== null);
  const ids = fresh.map(({ messageId }) => messageId);
  const at = clock.now();
  const position = await conversationStates.hide({ userId, conversationId }, ids, at);
  if (position === null) return null;
  // A device that misses it gets it on the next sync (C10).
  const frame = encodeServerFrame({ type: 'hidden', conversationId, messageIds: ids, at, position });
  await router.route([{ userId, frame }]);
  return position;
}
