import { defined, groupOf } from '@chasqui/domain';
import type { ClientFrameOf } from '@chasqui/protocol';
import { type ChatMessage, pendingKey } from '../conversations/chat-message.ts';
import type { Core } from '../core.ts';
import type { Unsent } from '../storing/stored-values.ts';
import type { Departure } from './outbox-lane.ts';

/** The message as its conversation shows it before it is stored. */
export function messageOf(unsent: Unsent, { timeline, userId }: Pick<Core, 'timeline' | 'userId'>): ChatMessage {
  const { to, clientMessageId, order, content, mentions, replyTo, forwardOf, forwarded, createdAt, messageId } = unsent;
  const { conversationId, peer } = timeline.with(to);
  return {
    messageId: messageId ?? '',
    sortKey: messageId ?? pendingKey(order),
    clientMessageId,
    conversationId,
    peer,
    from: userId,
    mine: true,
    content,
    sentAt: createdAt,
    state: messageId === undefined ? 'sending' : 'queued',
    provisional: false,
    ...defined({ mentions, replyTo, forwardOf, forwarded }),
  };
}

/**
 * The frame that sends it. Also on a resend, `after` is what the user had seen when writing: messages that came since may
 * be replies to it.
 */
export function frameOf({ unsent, resend, follows, behind }: Departure): ClientFrameOf<'chat'> {
  const { clientMessageId, to, content, mentions, replyTo, forwardOf, after: seen = '' } = unsent;
  const group = groupOf(to);
  const after = seen > behind ? seen : behind;
  return {
    type: 'chat',
    clientMessageId,
    ...(group === null ? { to } : { conversationId: group }),
    ...(forwardOf === undefined ? { content } : { forwardOf }),
    ...defined({
      mentions: mentions as ClientFrameOf<'chat'>['mentions'],
      replyTo,
      after: after || undefined,
      follows,
      resend: (resend && group !== null) || undefined,
    }),
  };
}
