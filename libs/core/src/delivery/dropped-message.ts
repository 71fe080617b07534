import { isGroupId, type LogEntry, type StoredMessage, SYSTEM_USER, timeOf } from '@chasqui/domain';

/** What is left of a message that was recalled and then removed from the store: what the log says of it. */
export function droppedMessage({
  conversationId,
  messageId,
  from,
  clientMessageId,
}: Extract<LogEntry, { type: 'message' }>): StoredMessage {
  const sentAt = timeOf(messageId);
  return {
    ...{ messageId, conversationId, from, fromDevice: 'unknown', clientMessageId },
    ...{ kind: isGroupId(conversationId) ? 'group' : 'c2c', content: {}, sentAt, audience: [] },
    ...{ statuses: {}, revision: 1, recalledAt: sentAt, recalledBy: SYSTEM_USER, steps: [] },
  };
}
