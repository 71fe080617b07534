import { type ConversationId, defined, ImError, type UserId } from '@chasqui/domain';
import type { ChatMessage } from '../conversations/chat-message.ts';
import type { MessageToSend } from './message-to-send.ts';
import type { Outgoing } from './outgoing.ts';

/** Where a selection of messages goes. */
export interface ForwardTarget {
  /** The receiver. Either this or `conversationId`. */
  to?: UserId;
  conversationId?: ConversationId;
  /** Whether readers are told who wrote the messages; the default is true. */
  withOrigin?: boolean;
}

/** What is needed of a message to forward it: a `ChatMessage`, or a message of the history. */
export type ForwardableMessage = Pick<
  ChatMessage,
  'conversationId' | 'messageId' | 'from' | 'content' | 'sentAt' | 'forwarded'
>;

/**
 * Forwards a selection of messages, each as a message of its own, in the order of their times. What becomes of each is
 * in its `Outgoing`. Throws `invalid_frame` if one of them is not stored yet: nothing is sent then.
 */
export function forwardMessages(
  client: { send(message: MessageToSend): Outgoing },
  messages: readonly ForwardableMessage[],
  { withOrigin = true, ...address }: ForwardTarget,
): Outgoing[] {
  if (messages.some(({ conversationId, messageId }) => conversationId === '' || messageId === ''))
    throw new ImError('invalid_frame', 'a message that is not stored cannot be forwarded', { field: 'messageId' });
  const inOrder = [...messages].sort((a, b) => (a.messageId < b.messageId ? -1 : 1));
  return inOrder.map(({ conversationId, messageId, content, from, sentAt, forwarded = { from, at: sentAt } }) =>
    client.send({
      ...address,
      content,
      forwardOf: { conversationId, messageId, ...defined({ withOrigin: withOrigin ? undefined : false }) },
      ...defined({ forwarded: withOrigin ? forwarded : undefined }),
    }),
  );
}
