import type { Audience } from './conversation/audience.ts';
import type { UserId } from './conversation/conversation-id.ts';
import { directPeer, formerAudience } from './conversation/direct-conversation.ts';
import type { Message } from './message.ts';

/**
 * A message and its text: the JSON of everything that frames carry of it, so without the audience. The text is made once,
 * where the message is accepted; events, live frames and stores carry it as it is.
 */
export interface EncodedMessage {
  message: Message;
  text: string;
}

/** `to`, which frames of direct conversations have. */
export function recipientOf({ conversationId, from }: Pick<Message, 'conversationId' | 'from'>): { to?: UserId } {
  const to = directPeer(conversationId, from);
  return to === null ? {} : { to };
}

/**
 * `contentText`: the JSON of the content, where it was made already. Errors: a `RangeError` for content that nests too deep to be
 * written.
 */
export function encodeMessage(message: Message, contentText = JSON.stringify(message.content)): EncodedMessage {
  const { messageId, conversationId, from, fromDevice, clientMessageId, kind, sentAt } = message;
  const { to } = recipientOf(message);
  const head = JSON.stringify({ messageId, conversationId, from, fromDevice, clientMessageId, kind, sentAt, to });
  return { message, text: `${head.slice(0, -1)},"content":${contentText}}` };
}

/** As the text and its JSON value have it: those of releases up to 0.1 say `silenced` where there is an audience now. */
export type MessageValue = Omit<Message, 'audience'> & { to?: UserId; silenced?: boolean; audience?: Audience };

/** A message of the JSON value of its text. `audience`: what is kept beside the text; absent: the text is of before 0.2. */
export function messageOf(value: MessageValue, audience = value.audience): Message {
  const {
    messageId,
    conversationId,
    from,
    fromDevice,
    clientMessageId,
    kind,
    content,
    sentAt,
    to = '',
    silenced,
  } = value;
  return {
    messageId,
    conversationId,
    from,
    fromDevice,
    clientMessageId,
    kind,
    content,
    sentAt,
    audience: audience ?? formerAudience({ from, to, silenced: silenced === true }),
  };
}
