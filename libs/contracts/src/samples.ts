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

/** The fields that a test sets; the rest gets sample values. */
export type MessageFields = Partial<Message> & {
  from: UserId;
  /** The receiver; makes it a direct message. */
  to?: UserId;
  /** The text of its content. */
  text?: string;
};

export interface Samples {
  /** A message with a fresh id and clientMessageId unless given. */
  message(fields: MessageFields): Message;
  /** A fresh id; sorts after all earlier ones. */
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

/** A message as it is recorded, with the digests of its current content. */
export function toRecord(message: Message, after?: MessageId): MessageToRecord {
  const { kind, content, conversationId } = message;
  const { to = conversationId } = recipientOf(message);
  return { ...message, digests: contentDigests({ to, kind, content }), ...defined({ after }) };
}
