import { type ConversationId, ImError, type UserId } from '@chasqui/domain';
import type { ApiContext } from '../context.ts';

/** Errors: `not_found` if these users, of a direct conversation, have never written to each other. */
export async function mustHaveBegun(
  { conversations }: Pick<ApiContext, 'conversations'>,
  conversationId: ConversationId,
  users: readonly UserId[],
): Promise<void> {
  const entries = await conversations.entries(users.map((userId) => ({ userId, conversationId })));
  if (entries.every((entry) => entry === null)) throw noConversation();
}

export function noConversation(): ImError {
  return new ImError('not_found', 'there is no such conversation', { field: 'conversationId' });
}
