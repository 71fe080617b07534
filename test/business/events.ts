import { GROUP_MESSAGE_FORMAT } from '@chasqui/core';
import {
  type ActionEvent,
  addresseesOf,
  type ChangeDetails,
  type ChangeName,
  contentDigests,
  directAudience,
  directConversation,
  directPeer,
  encodeMessage,
  type GroupChange,
  type GroupEvent,
  groupLog,
  type Message,
  type MessageEvent,
  type OfflineEvent,
  type ReactionEvent,
  type ReceiptEvent,
  type SyncedEvent,
} from '@chasqui/domain';
import { type House, NODE, sessionOf } from './house.ts';

const { nodeId } = NODE;
const deviceId = 'phone';

/** Makes events as Connect publishes them. */
export function eventsOf({ ids, clock }: House) {
  const message = (
    from: string,
    name: string,
    fields: Pick<Message, 'conversationId' | 'audience'> & Partial<Message>,
  ) => {
    const whole: Message = {
      messageId: ids.next(),
      from,
      fromDevice: deviceId,
      clientMessageId: name,
      kind: 'c2c',
      content: { text: name },
      sentAt: clock.now(),
      ...fields,
    };
    const digests = contentDigests({ ...whole, to: directPeer(whole.conversationId, from) ?? whole.conversationId });
    const sessionId = sessionOf(from);
    return { type: 'message', encoded: encodeMessage(whole), digests, nodeId, sessionId } satisfies MessageEvent;
  };
  return {
    /** A message whose text and clientMessageId are `name`. */
    message(from: string, to: string, name: string, fields: Partial<Message> = {}): MessageEvent {
      return message(from, name, {
        conversationId: directConversation(from, to),
        audience: directAudience(from, to),
        ...fields,
      });
    },
    /** A message to a group; `name` as above. */
    inGroup(from: string, conversationId: string, name: string, fields: Partial<Message> = {}): MessageEvent {
      const audience = [groupLog(conversationId)];
      return {
        ...message(from, name, { conversationId, kind: 'group', audience, ...fields }),
        v: GROUP_MESSAGE_FORMAT,
      };
    },
    change<N extends ChangeName>(
      by: string,
      conversationId: string,
      change: N,
      details: ChangeDetails[N],
      changeId: string = ids.next(),
    ): GroupEvent {
      const own = { change, conversationId, changeId, by, at: clock.now(), details } as GroupChange;
      return { type: 'group', change: own, nodeId };
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
    recall({ encoded: { message } }: MessageEvent): ActionEvent<'recall'> {
      const { conversationId, messageId, from: by } = message;
      const at = clock.now();
      return { type: 'action', action: 'recall', conversationId, messageId, by, sessionId: sessionOf(by), nodeId, at };
    },
    /** The author's edit to a text. */
    edit({ encoded: { message } }: MessageEvent, text: string, actionId: string = ids.next()): ActionEvent<'edit'> {
      const { conversationId, messageId, from: by } = message;
      const what = { type: 'action', action: 'edit', content: { text }, actionId } as const;
      return { ...what, conversationId, messageId, by, sessionId: sessionOf(by), nodeId, at: clock.now() };
    },
    /** Somebody reacts to the message, or takes that back. */
    react(
      { encoded: { message } }: MessageEvent,
      by: string,
      emoji: string,
      fields: Partial<ReactionEvent> = {},
    ): ReactionEvent {
      const { conversationId, messageId } = message;
      const what = { type: 'react', emoji, on: true, actionId: ids.next() } as const;
      return { ...what, conversationId, messageId, by, sessionId: sessionOf(by), nodeId, at: clock.now(), ...fields };
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
