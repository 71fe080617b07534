import {
  type ConversationId,
  defined,
  type Message,
  type MessageId,
  type ReactionEvent,
  type ServerEvent,
  type UserId,
} from '@chasqui/domain';

export function storedEvent(message: Message): ServerEvent<'message.stored'> {
  const { messageId, conversationId, from, clientMessageId, kind, content, mentions, replyTo, sentAt } = message;
  const { forwarded } = message;
  return {
    id: `message-${messageId}`,
    type: 'message.stored',
    key: conversationId,
    at: sentAt,
    data: {
      ...{ messageId, conversationId, from, clientMessageId, kind, content, sentAt },
      ...defined({ mentions, replyTo, forwarded }),
    },
  };
}

type Action = ServerEvent<'message.action'>['data'];

/** The format of server events of actions other than a recall, which an older process would take for damaged. */
export const LATER_ACTION_FORMAT = 2;

export function actionEvent({ messageId, conversationId, action, by, at, revision, content, mentions }: Action) {
  return {
    id: `action-${messageId}-${revision}`,
    ...(action === 'recall' ? {} : { v: LATER_ACTION_FORMAT }),
    type: 'message.action',
    key: conversationId,
    at,
    data: { messageId, conversationId, action, by, at, revision, ...defined({ content, mentions }) },
  } satisfies ServerEvent<'message.action'>;
}

type Reaction = Pick<ReactionEvent, 'messageId' | 'conversationId' | 'by' | 'emoji' | 'on' | 'at' | 'actionId'>;

export function reactionEvent({ messageId, conversationId, by, emoji, on, at, actionId }: Reaction) {
  return {
    id: `reaction-${messageId}-${by}-${actionId}`,
    type: 'message.reaction',
    key: conversationId,
    at,
    data: { messageId, conversationId, by, emoji, on, at },
  } satisfies ServerEvent<'message.reaction'>;
}

interface Receipt {
  conversationId: ConversationId;
  messageId: MessageId;
  by: UserId;
  at: number;
}

export function deliveredEvent({ conversationId, messageId, by, at }: Receipt): ServerEvent<'receipt.delivered'> {
  const data = { messageId, conversationId, by, at };
  return { id: `delivered-${messageId}-${by}`, type: 'receipt.delivered', key: conversationId, at, data };
}

/** `messageId`: the last message that was read. */
export function readEvent({ conversationId, messageId: upTo, by, at }: Receipt): ServerEvent<'receipt.read'> {
  const data = { conversationId, by, upTo, at };
  return { id: `read-${conversationId}-${by}-${upTo}`, type: 'receipt.read', key: conversationId, at, data };
}
