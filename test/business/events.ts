import {
  type ActionEvent,
  addresseesOf,
  contentDigests,
  directAudience,
  directConversation,
  encodeMessage,
  type Message,
  type MessageEvent,
  type OfflineEvent,
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
        conversationId: directConversation(from, to),
        from,
        fromDevice: deviceId,
        clientMessageId: name,
        kind: 'c2c',
        content: { text: name },
        sentAt: clock.now(),
        audience: directAudience(from, to),
        ...fields,
      };
      const digests = contentDigests({ ...message, to });
      return { type: 'message', encoded: encodeMessage(message), digests, nodeId, sessionId: sessionOf(from) };
    },
    offline({ encoded: { message } }: MessageEvent, to = addresseeOf(message)): OfflineEvent {
      const { conversationId, messageId } = message;
      return { type: 'offline', conversationId, messageIds: [messageId], to, nodeId, at: clock.now() };
    },
    receipt(state: ReceiptEvent['state'], ...of: MessageEvent[]): ReceiptEvent {
      const [first] = of as [MessageEvent];
      const { message } = first.encoded;
      const messageIds = of.map(({ encoded }) => encoded.message.messageId);
      const { conversationId } = message;
      const by = addresseeOf(message);
      return { type: 'receipt', conversationId, state, messageIds, by, deviceId, nodeId, at: clock.now() };
    },
    recall({ encoded: { message } }: MessageEvent): ActionEvent {
      const { conversationId, messageId, from: by } = message;
      const at = clock.now();
      return { type: 'action', action: 'recall', conversationId, messageId, by, sessionId: sessionOf(by), nodeId, at };
    },
    synced(userId: string, position: number): SyncedEvent {
      return { type: 'synced', userId, deviceId, position, nodeId, at: clock.now() };
    },
  };
}

/** The first event. */
function addresseeOf(message: Message): string {
  return addresseesOf(message)[0] ?? '';
}
