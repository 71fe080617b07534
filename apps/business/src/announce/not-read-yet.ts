import type { ConversationId, MessageId, UserId } from '@chasqui/domain';
import type { BusinessContext } from '../business-context.ts';

/**
 * Those of a member's messages that the member's read marks do not cover. Of the others nothing lower than *read* may be told any
 * more (C7): whoever moved the mark tells it, again after a crash. One call for all of them. Errors: `store_unavailable`.
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
