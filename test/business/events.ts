import {
  conversationOf,
  type Message,
  type MessageEvent,
  type OfflineEvent,
  type RecallEvent,
  type ReceiptEvent,
  type SyncedEvent,
} from '@chasqui/domain';
import { type House, NODE, sessionOf } from './house.ts';

const { nodeId } = NODE;
const deviceId = 'phone';

/** Makes events as Connect publishes them. */
export function eventsOf({ ids, clock }: House) {
  return {
    /** A message whose text and clientMessageId are `name`. */
    message(from: string, to: string, name: string, fields: Partial<Message> = {}): MessageEvent {
      const message: Message = {
        messageId: ids.next(),
        conversationId: conversationOf(from, to),
        from,
        fromDevice: deviceId,
        to,
        clientMessageId: name,
        kind: 'c2c',
        content: { text: name },
        sentAt: clock.now(),
        ...fields,
      };
      return { type: 'message', message, nodeId, sessionId: sessionOf(from) };
    },
    offline({ message: { conversationId, messageId, to } }: MessageEvent): OfflineEvent {
      return { type: 'offline', conversationId, messageIds: [messageId], to, nodeId, at: clock.now() };
    },
    receipt(state: ReceiptEvent['state'], ...of: MessageEvent[]): ReceiptEvent {
      const [first] = of as [MessageEvent];
      const { conversationId, to: by } = first.message;
      const messageIds = of.map(({ message }) => message.messageId);
      return { type: 'receipt', conversationId, state, messageIds, by, deviceId, nodeId, at: clock.now() };
    },
    recall({ message: { conversationId, messageId, from: by } }: MessageEvent): RecallEvent {
      const at = clock.now();
      return { type: 'recall', conversationId, messageId, by, sessionId: sessionOf(by), nodeId, at };
    },
    synced(userId: string, position: number): SyncedEvent {
      return { type: 'synced', userId, deviceId, position, nodeId, at: clock.now() };
    },
  };
}
