import {
  type Clock,
  contentDigests,
  defined,
  directAudience,
  directConversation,
  HybridClock,
  type Message,
  type MessageId,
  type MessageToRecord,
  recipientOf,
  type UserId,
} from '@chasqui/domain';

/** What a test says of a message; the rest is made up. */
export type MessageFields = Partial<Message> & {
  from: UserId;
  /** Makes it a direct message to this user. */
  to?: UserId;
  /** The text of its content. */
  text?: string;
};

export interface Samples {
  /** A message with a fresh id and a fresh clientMessageId unless given. */
  message(fields: MessageFields): Message;
  /** A fresh id; sorts after all before it. */
  nextId(): MessageId;
}

export function createSamples(clock: Pick<Clock, 'now'>): Samples {
  const ids = new HybridClock({ now: () => clock.now(), tag: 7 });
  let made = 0;
  return {
    nextId: () => ids.next(),
    message({ text, to, ...fields }) {
      made++;
      const { from } = fields;
      const direct =
        to === undefined ? {} : { conversationId: directConversation(from, to), audience: directAudience(from, to) };
      return {
        messageId: ids.next(),
        conversationId: '',
        audience: [],
        fromDevice: 'phone',
        clientMessageId: `key-${made}`,
        kind: 'c2c',
        content: { text: text ?? `text ${made}` },
        sentAt: clock.now() + made,
        ...direct,
        ...fields,
      };
    },
  };
}

/** A message as it comes to be recorded: with the digests of what it says now. */
export function toRecord(message: Message, after?: MessageId): MessageToRecord {
  const { kind, content, conversationId } = message;
  const { to = conversationId } = recipientOf(message);
  return { ...message, digests: contentDigests({ to, kind, content }), ...defined({ after }) };
}
