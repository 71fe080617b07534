import { defined } from './collections/defined.ts';
import type { Audience } from './conversation/audience.ts';
import type { UserId } from './conversation/conversation-id.ts';
import { directPeer, formerAudience } from './conversation/direct-conversation.ts';
import type { Message, StoredMessage } from './message.ts';

/**
 * A message and its text: the JSON of all fields that frames carry, so without the audience. The text is made once,
 * when the message is accepted; events, live frames and stores carry it unchanged.
 */
export interface EncodedMessage {
  message: Message;
  text: string;
}

/** The `to` field of frames in direct conversations; empty for others. */
export function recipientOf({ conversationId, from }: Pick<Message, 'conversationId' | 'from'>): { to?: UserId } {
  const to = directPeer(conversationId, from);
  return to === null ? {} : { to };
}

/** The text of a message that was recalled says by whom, and that of an edited one when. */
type Written = Message & Pick<StoredMessage, 'recalledBy' | 'editedAt' | 'editIds' | 'versions'>;

/**
 * `contentText`: the JSON of the content, if it exists already. Errors: a `RangeError` for content that nests too deep
 * to be serialised.
 */
export function encodeMessage(message: Written, contentText = JSON.stringify(message.content)): EncodedMessage {
  const { messageId, conversationId, from, fromDevice, clientMessageId, kind, mentions, replyTo, sentAt } = message;
  const { forwarded, recalledBy, editedAt, editIds, versions } = message;
  const { to } = recipientOf(message);
  const head = JSON.stringify({
    messageId,
    conversationId,
    from,
    fromDevice,
    clientMessageId,
    kind,
    mentions,
    replyTo,
    forwarded,
    sentAt,
    to,
    recalledBy,
    editedAt,
    editIds,
    versions,
  });
  return { message, text: `${head.slice(0, -1)},"content":${contentText}}` };
}

/** A message as its text's JSON value has it: texts of releases up to 0.1 have `silenced` instead of an audience. */
export type MessageValue = Omit<Written, 'audience'> & { to?: UserId; silenced?: boolean; audience?: Audience };

/**
 * Makes a message from the JSON value of its text. `audience`: stored beside the text; absent: the text is from before
 * 0.2.
 */
export function messageOf(value: MessageValue, audience = value.audience): Written {
  const {
    messageId,
    conversationId,
    from,
    fromDevice,
    clientMessageId,
    kind,
    content,
    mentions,
    replyTo,
    forwarded,
    sentAt,
    to = '',
    silenced,
    recalledBy,
    editedAt,
    editIds,
    versions,
  } = value;
  return {
    messageId,
    conversationId,
    from,
    fromDevice,
    clientMessageId,
    kind,
    content,
    ...defined({ mentions, replyTo, forwarded, recalledBy, editedAt, editIds, versions }),
    sentAt,
    audience: audience ?? formerAudience({ from, to, silenced: silenced === true }),
  };
}
