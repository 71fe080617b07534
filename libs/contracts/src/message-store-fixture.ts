import {
  addresseesOf,
  directConversation,
  encodeMessage,
  type Message,
  type MessageStatus,
  type MessageStep,
  type StoredMessage,
} from '@chasqui/domain';
import type { HandledAction, MessageKey, MessageLocator, MessageStore, StatusChange } from '@chasqui/ports';
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

/** The sender's edit of a message, 50 ms after it was sent. */
export function editOf(message: Message, content: Message['content'], revision: number): HandledAction {
  const { from: by, sentAt } = message;
  const actionId = `edit-${revision}`;
  return {
    ...keyOf(message),
    action: { action: 'edit', revision, by, at: sentAt + 50, content, actionId },
    node: 'n9',
  };
}

/** The sender's recall of a message, `after` ms after it was sent. */
export function recallOf(message: Message, after: number, revision: number): HandledAction {
  const { from: by, sentAt } = message;
  return { ...keyOf(message), action: { action: 'recall', revision, by, at: sentAt + after }, node: 'n9' };
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
    edit: async (message: Message, content: Message['content'], revision = 1) =>
      (await subject.current.apply([editOf(message, content, revision)]))[0],
    /** The sender recalls the message, `after` ms after sending it. */
    recall: async (message: Message, after: number, revision = 1) =>
      (await subject.current.apply([recallOf(message, after, revision)]))[0],
  };
}
