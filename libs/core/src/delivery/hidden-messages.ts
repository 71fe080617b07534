import type { UserId } from '@chasqui/domain';
import type { ConversationStateStore, MessageKey } from '@chasqui/ports';

/** The messages that the user has not hidden, in their order; null for each of the others. Errors: `store_unavailable`. */
export async function withoutHidden<M extends MessageKey>(
  states: Pick<ConversationStateStore, 'hiddenAmong'>,
  userId: UserId,
  messages: readonly (M | null)[],
): Promise<(M | null)[]> {
  const keys = messages.filter((message) => message !== null);
  const hidden = await states.hiddenAmong(userId, keys);
  const isHidden = new Set(keys.filter((_, index) => hidden[index]));
  return messages.map((message) => (message !== null && isHidden.has(message) ? null : message));
}
