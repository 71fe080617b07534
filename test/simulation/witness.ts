import { type ConversationEventValue, decodeEvents } from '@chasqui/core';
import { CONVERSATION_TOPIC, type MessageId } from '@chasqui/domain';
import { identityOf } from '../checker/index.ts';
import type { EngineSet } from './engine-set.ts';

/** Knows, at every moment, what the engines have accepted; acks are checked against it (C1, C2). */
export class Witness {
  readonly #queued = new Set<string>();
  readonly #bodies = new Set<MessageId>();
  readonly #recorded = new Map<string, MessageId>();

  /** Observes engines without changing their behaviour. */
  watch(engines: EngineSet): Pick<EngineSet, 'bus' | 'messages' | 'conversations'> {
    const { bus, messages, conversations } = engines;
    return {
      bus: {
        ...bus,
        publish: async (publication) => {
          await bus.publish(publication);
          if (publication.topic !== CONVERSATION_TOPIC) return;
          for (const event of decodeEvents(publication.body) as ConversationEventValue[]) {
            if (event.type !== 'message') continue;
            const { from, clientMessageId, messageId } = event.message;
            this.#queued.add(`${identityOf(from, clientMessageId)} ${messageId}`);
          }
        },
      },
      messages: {
        ...messages,
        put: async (items) => {
          await messages.put(items);
          for (const { message } of items) this.#bodies.add(message.messageId);
        },
        remove: async (keys) => {
          await messages.remove(keys);
          for (const { messageId } of keys) this.#bodies.delete(messageId);
        },
      },
      conversations: {
        ...conversations,
        record: async (items) => {
          const outcomes = await conversations.record(items);
          for (const [index, { from, clientMessageId }] of items.entries()) {
            const outcome = outcomes[index];
            if (outcome?.result !== 'recorded' && outcome?.result !== 'duplicate') continue;
            this.#recorded.set(identityOf(from, clientMessageId), outcome.messageId);
          }
          return outcomes;
        },
      },
    };
  }

  /** Whether an ack is true at this moment. */
  holds(level: 'queued' | 'stored', identity: string, messageId: MessageId): boolean {
    if (level === 'queued') return this.#queued.has(`${identity} ${messageId}`);
    return this.#recorded.get(identity) === messageId && this.#bodies.has(messageId);
  }
}
