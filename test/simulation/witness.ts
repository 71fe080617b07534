import { type ConversationEventValue, decodeEvents } from '@chasqui/core';
import { CONVERSATION_TOPIC, type Message, type MessageId } from '@chasqui/domain';
import { identityOf, type MessageLife, type Version } from '../checker/index.ts';
import type { EngineSet } from './engine-set.ts';

/** Knows, at every moment, what the engines have accepted; acks are checked against it (C1, C2). */
export class Witness {
  readonly #queued = new Set<string>();
  readonly #bodies = new Set<MessageId>();
  readonly #recorded = new Map<string, MessageId>();
  readonly #now: () => number;
  /** All that each message has said. */
  readonly lives = new Map<MessageId, MessageLife & { versions: Version[] }>();
  /** When users hid messages, by `user messageId`. */
  readonly hidden = new Map<string, number>();

  /** `now`: ms, as in the history. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Observes engines without changing their behaviour. */
  watch(engines: EngineSet): Pick<EngineSet, 'bus' | 'messages' | 'conversations' | 'conversationStates'> {
    const { bus, messages, conversations, conversationStates } = engines;
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
          for (const { message } of items) {
            this.#bodies.add(message.messageId);
            this.#begins(message);
          }
        },
        apply: async (actions) => {
          const results = await messages.apply(actions);
          for (const [index, { messageId, action }] of actions.entries()) {
            const text = action.action === 'edit' ? (action.content.text ?? '') : null;
            if (results[index] === 'applied') this.lives.get(messageId)?.versions.push({ at: this.#now(), text });
          }
          return results;
        },
        remove: async (keys) => {
          await messages.remove(keys);
          for (const { messageId } of keys) this.#bodies.delete(messageId);
        },
      },
      conversationStates: {
        ...conversationStates,
        hide: async (key, messageIds, at) => {
          const position = await conversationStates.hide(key, messageIds, at);
          for (const messageId of messageIds) {
            const name = `${key.userId} ${messageId}`;
            if (!this.hidden.has(name)) this.hidden.set(name, this.#now());
          }
          return position;
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

  #begins({ messageId, from, sentAt, content, forwarded }: Message): void {
    if (this.lives.has(messageId)) return;
    const versions = [{ at: this.#now(), text: content.text ?? '' }];
    this.lives.set(messageId, { versions, origin: { from, at: sentAt }, forwarded });
  }

  /** Whether an ack is true at this moment. */
  holds(level: 'queued' | 'stored', identity: string, messageId: MessageId): boolean {
    if (level === 'queued') return this.#queued.has(`${identity} ${messageId}`);
    return this.#recorded.get(identity) === messageId && this.#bodies.has(messageId);
  }
}
