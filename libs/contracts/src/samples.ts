import { type Clock, conversationOf, HybridClock, type Message, type MessageId, type UserId } from '@chasqui/domain';

/** What a test says of a message; the rest is made up. */
export type MessageFields = Partial<Message> & { from: UserId; to: UserId };

export interface Samples {
  /** A message with a fresh id and a fresh clientMessageId unless given. */
  message(fields: MessageFields & { text?: string }): Message;
  /** A fresh id; sorts after all before it. */
  nextId(): MessageId;
}

export function createSamples(clock: Pick<Clock, 'now'>): Samples {
  const ids = new HybridClock({ now: () => clock.now(), tag: 7 });
  let made = 0;
  return {
    nextId: () => ids.next(),
    message({ text, ...fields }) {
      made++;
      return {
        messageId: ids.next(),
        conversationId: conversationOf(fields.from, fields.to),
        fromDevice: 'phone',
        clientMessageId: `key-${made}`,
        kind: 'c2c',
        content: { text: text ?? `text ${made}` },
        sentAt: clock.now() + made,
        ...fields,
      };
    },
  };
}
