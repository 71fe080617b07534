import {
  contentDigests,
  directAudience,
  directConversation,
  type EncodedMessage,
  encodeMessage,
  type MessageId,
  type MessageToRecord,
} from '@chasqui/domain';

/** The load's input for a message from one user to another. */
export interface DirectMessage {
  messageId: MessageId;
  from: string;
  to: string;
  clientMessageId: string;
  text: string;
}

/** The message as Connect accepts it: with its digests, and with its text made once. */
export function directMessage({ messageId, from, to, clientMessageId, text }: DirectMessage): EncodedMessage & {
  message: MessageToRecord;
} {
  const sent = { kind: 'c2c' as const, content: { text } };
  const { message, text: json } = encodeMessage({
    ...sent,
    messageId,
    conversationId: directConversation(from, to),
    from,
    fromDevice: 'phone',
    clientMessageId,
    sentAt: Date.now(),
    audience: directAudience(from, to),
  });
  return { message: { ...message, digests: contentDigests({ ...sent, to }) }, text: json };
}
