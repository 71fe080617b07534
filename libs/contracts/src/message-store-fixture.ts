import { conversationOf, type Message, type MessageStatus, type StoredMessage } from '@chasqui/domain';
import type { MessageKey, MessageLocator, MessageStore, StatusChange } from '@chasqui/ports';
import { type Harness, subjectOf } from './harness.ts';
import { createSamples } from './samples.ts';

export interface MessageStoreHarness extends Harness<MessageStore> {
  /** Only of stores that index ids: the locator of the store made last. */
  locator?(): MessageLocator;
  /** How long a test may take, ms; more for an engine that takes a minute to start again. Default 60 s. */
  timeoutMs?: number;
}

export const ANN = 'ann';
export const BOB = 'bob';
export const ANN_BOB = conversationOf(ANN, BOB);

export function keyOf({ conversationId, messageId }: MessageKey): MessageKey {
  return { conversationId, messageId };
}

/** The receiver's change of a message, `after` ms after it was sent. */
export function change(message: Message, status: MessageStatus, after: number, node = 'n'): StatusChange {
  return { ...keyOf(message), to: message.to, status, at: message.sentAt + after, node };
}

export function messageStoreFixture(harness: MessageStoreHarness) {
  const subject = subjectOf(harness, (store) => [store]);
  const samples = createSamples(harness.clock);
  const stored = (message: Message): StoredMessage => ({
    ...message,
    status: 'stored',
    steps: [
      { state: 'queued', at: message.sentAt, node: 'n1' },
      { state: 'stored', at: message.sentAt + 5, node: 'b1' },
    ],
  });
  return {
    subject,
    samples,
    store: () => subject.current,
    /** What a message looks like right after `put`. */
    stored,
    /** Puts messages from Ann to Bob (unless said otherwise), oldest first. */
    async put(...fields: (Partial<Message> & { text?: string })[]): Promise<Message[]> {
      const messages = fields.map((given) => samples.message({ from: ANN, to: BOB, ...given }));
      await subject.current.put(messages.map((message) => ({ message, steps: stored(message).steps })));
      return messages;
    },
    async get(key: MessageKey): Promise<StoredMessage | null> {
      return (await subject.current.get([keyOf(key)]))[0] ?? null;
    },
  };
}
