import {
  addresseesOf,
  directConversation,
  encodeMessage,
  type Message,
  type MessageStatus,
  type MessageStep,
  type StoredMessage,
} from '@chasqui/domain';
import type { MessageKey, MessageLocator, MessageStore, StatusChange } from '@chasqui/ports';
import { type Harness, subjectOf } from './harness.ts';
import { createSamples, type MessageFields } from './samples.ts';

export interface MessageStoreHarness extends Harness<MessageStore> {
  /** Only for stores that index ids: the locator of the last store. */
  locator?(): MessageLocator;
  /** Timeout of a test, ms; longer for an engine that takes a minute to restart. Default 60 s. */
  timeoutMs?: number;
}

export const ANN = 'ann';
export const BOB = 'bob';
export const CAT = 'cat';
export const ANN_BOB = directConversation(ANN, BOB);

export function keyOf({ conversationId, messageId }: MessageKey): MessageKey {
  return { conversationId, messageId };
}

/** A change for the (first) addressee of a message, `after` ms after it was sent. */
export function change(message: Message, status: MessageStatus, after: number, node = 'n'): StatusChange {
  const [member = ''] = addresseesOf(message);
  return { ...keyOf(message), member, status, at: message.sentAt + after, node };
}

/** A message with its text and steps, as `put` takes it. */
export function toPut(message: Message, steps: MessageStep[] = []) {
  return { ...encodeMessage(message), steps };
}

export function messageStoreFixture(harness: MessageStoreHarness) {
  const subject = subjectOf(harness, (store) => [store]);
  const samples = createSamples(harness.clock);
  const stored = (message: Message): StoredMessage => ({
    ...message,
    statuses: {},
    revision: 0,
    steps: [
      { state: 'queued', at: message.sentAt, node: 'n1' },
      { state: 'stored', at: message.sentAt + 5, node: 'b1' },
    ],
  });
  return {
    subject,
    samples,
    store: () => subject.current,
    /** The expected message right after `put`. */
    stored,
    /** Puts messages, by default from Ann to Bob, oldest first. */
    async put(...fields: Partial<MessageFields>[]): Promise<Message[]> {
      const messages = fields.map((given) =>
        samples.message({ from: ANN, ...(given.conversationId === undefined ? { to: BOB } : {}), ...given }),
      );
      await subject.current.put(messages.map((message) => toPut(message, stored(message).steps)));
      return messages;
    },
    async get(key: MessageKey): Promise<StoredMessage | null> {
      return (await subject.current.get([keyOf(key)]))[0] ?? null;
    },
    /** The sender edits the message to this content, 50 ms after sending it. */
    edit: (message: Message, content: Message['content'], revision = 1) =>
      subject.current.apply(
        keyOf(message),
        ...([
          {
            action: 'edit',
            revision,
            by: message.from,
            at: message.sentAt + 50,
            content,
            actionId: `edit-${revision}`,
          },
          'n9',
        ] as const),
      ),
    /** The sender recalls the message, `after` ms after sending it. */
    recall: (message: Message, after: number, revision = 1) =>
      subject.current.apply(
        keyOf(message),
        { action: 'recall', revision, by: message.from, at: message.sentAt + after },
        'n9',
      ),
  };
}
