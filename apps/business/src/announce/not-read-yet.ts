import type { ConversationId, MessageId, UserId } from '@chasqui/domain';
import type { BusinessContext } from '../business-context.ts';

/**
 * Returns the messages that their member's read marks do not cover. For the others no status below *read* may be
 * announced any more (C7): the handler that moved the mark announces *read*, again after a crash. One read serves all
 * messages. Errors: `store_unavailable`.
 */
export async function notReadYet<M extends { conversationId: ConversationId; messageId: MessageId; member: UserId }>(
  { conversations }: Pick<BusinessContext, 'conversations'>,
  messages: readonly M[],
): Promise<M[]> {
  if (messages.length === 0) return [];
  const keys = new Map(
    messages.map(({ member, conversationId }) => [`${member} ${conversationId}`, { userId: member, conversationId }]),
  );
  const entries = await conversations.entries([...keys.values()]);
  const marks = new Map([...keys.keys()].map((key, index) => [key, entries[index]?.read.upTo ?? '']));
  return messages.filter(
    ({ member, conversationId, messageId }) => messageId > (marks.get(`${member} ${conversationId}`) ?? ''),
  );
}
