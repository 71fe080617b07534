import { defined, type Message, type ServerEvent } from '@chasqui/domain';

export function storedEvent(message: Message): ServerEvent<'message.stored'> {
  const { messageId, conversationId, from, clientMessageId, kind, content, mentions, sentAt } = message;
  return {
    id: `message-${messageId}`,
    type: 'message.stored',
    key: conversationId,
    at: sentAt,
    data: { messageId, conversationId, from, clientMessageId, kind, content, ...defined({ mentions }), sentAt },
  };
}

/** For one endpoint, to see whether it takes events. */
export function testEvent(endpointId: string, now: number): ServerEvent<'webhook.test'> {
  return { id: `test-${endpointId}-${now}`, type: 'webhook.test', key: endpointId, at: now, data: { endpointId } };
}
