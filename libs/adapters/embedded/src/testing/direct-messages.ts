import {
  contentDigests,
  directAudience,
  directConversation,
  type EncodedMessage,
  encodeMessage,
  type Message,
  type MessageStep,
  type MessageToRecord,
  recipientOf,
  type UserId,
} from '@chasqui/domain';
import type { SearchDocument } from '@chasqui/ports';

/** The fields that a test sets; the rest gets sample values. */
export type DirectFields = Pick<Message, 'messageId' | 'clientMessageId'> &
  Partial<Message> & { from?: UserId; to?: UserId; text?: string };

/** A message, by default from Ann to Bob. */
export function direct({ from = 'ann', to = 'bob', text = 'hello', ...fields }: DirectFields): Message {
  return {
    conversationId: directConversation(from, to),
    from,
    fromDevice: 'phone',
    kind: 'c2c',
    content: { text },
    sentAt: 1,
    audience: directAudience(from, to),
    ...fields,
  };
}

export function toRecord(message: Message): MessageToRecord {
  const { kind, content } = message;
  return { ...message, digests: contentDigests({ to: receiverOf(message), kind, content }) };
}

export function toPut(message: Message, steps: MessageStep[] = []): EncodedMessage & { steps: MessageStep[] } {
  return { ...encodeMessage(message), steps };
}

export function receiverOf(message: Pick<Message, 'conversationId' | 'from'>): UserId {
  return recipientOf(message).to ?? '';
}

export function toIndex(message: Message): SearchDocument {
  const { messageId, conversationId, from, content, sentAt } = message;
  const logs = [from, receiverOf(message)];
  return { messageId, conversationId, from, logs, text: content.text ?? '', sentAt, status: 'stored', version: 1 };
}
