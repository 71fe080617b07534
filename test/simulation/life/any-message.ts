import { type ConversationId, directConversation, type MessageId, type UserId } from '@chasqui/domain';
import type { Stage } from '../stage.ts';

/** The last message but `back` that was acked to anybody, whoever may see it; null: there are not so many. */
export function anyMessage(
  { world, groups }: Stage,
  back: number,
): { conversationId: ConversationId; messageId: MessageId; text: string } | null {
  const { history } = world;
  const acked = history.of('acked').at(-1 - back);
  const draft = history.of('submitted').find(({ identity }) => identity === acked?.identity);
  if (acked === undefined || draft === undefined) return null;
  const [from = ''] = draft.identity.split('/');
  const group = groups.find((one) => one === draft.to);
  const conversationId = group ?? directConversation(from, draft.to as UserId);
  return { conversationId, messageId: acked.messageId, text: draft.text };
}
