import {
  addresseesOf,
  applyAction,
  type ConversationId,
  distinctSteps,
  type MessageId,
  type MessageStep,
  type StoredMessage,
  statusRank,
  stepOfAction,
  storedStatus,
} from '@chasqui/domain';
import type {
  ApplyResult,
  HandledAction,
  MessageKey,
  MessageLocator,
  MessageStore,
  RaiseResult,
  StatusChange,
} from '@chasqui/ports';
import { copyOf } from './stored-message.ts';

/** One conversation's messages. */
interface Shelf {
  byId: Map<MessageId, StoredMessage>;
  /** In ascending order. */
  ids: MessageId[];
}

/** How many of the ascending `ids` are below `id`. */
function countBelow(ids: readonly MessageId[], id: MessageId): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ids[middle] as MessageId) < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Messages in memory, for tests and simulations. They outlive their users, but not their process. */
export function createMemoryMessages(): MessageStore & MessageLocator {
  const shelves = new Map<ConversationId, Shelf>();
  const conversations = new Map<MessageId, ConversationId>();
  let newest: MessageId | null = null;
  let lookBack: { since: number; startedAt: number } | null = null;

  const find = ({ conversationId, messageId }: MessageKey): StoredMessage | undefined =>
    shelves.get(conversationId)?.byId.get(messageId);

  const add = (message: StoredMessage): void => {
    const { conversationId, messageId } = message;
    const shelf = shelves.get(conversationId) ?? { byId: new Map(), ids: [] };
    shelves.set(conversationId, shelf);
    shelf.byId.set(messageId, message);
    shelf.ids.splice(countBelow(shelf.ids, messageId), 0, messageId);
    conversations.set(messageId, conversationId);
    if (newest === null || messageId > newest) newest = messageId;
  };

  const advance = (change: StatusChange): RaiseResult => {
    const message = find(change);
    const { member, status, at, node, retries, before = [] } = change;
    if (message === undefined || !addresseesOf(message).includes(member)) return 'missing';
    const rank = statusRank(storedStatus(message, member));
    if (statusRank(status) <= rank) return statusRank(status) === rank ? 'same' : 'further';
    message.statuses = { ...message.statuses, [member]: status };
    const step: MessageStep = { state: status, at, node, ...(retries ? { retries } : {}) };
    message.steps = distinctSteps([...message.steps, step, ...before]);
    return 'raised';
  };

  const apply = ({ action, node, ...key }: HandledAction): ApplyResult => {
    const message = find(key);
    if (message === undefined) return 'missing';
    if (message.revision >= action.revision) return 'superseded';
    const steps = distinctSteps([...message.steps, stepOfAction(action, node)]);
    shelves.get(key.conversationId)?.byId.set(key.messageId, { ...applyAction(message, action), steps });
    return 'applied';
  };

  return {
    async put(messages) {
      for (const { message, steps } of messages) {
        if (find(message) === undefined)
          add(copyOf({ ...message, statuses: {}, revision: 0, steps: distinctSteps(steps) }));
      }
    },
    async get(keys) {
      return keys.map((key) => {
        const message = find(key);
        return message === undefined ? null : copyOf(message);
      });
    },
    async page(conversationId, { before, after, limit }) {
      const shelf = shelves.get(conversationId);
      if (shelf === undefined) return [];
      const end = before === undefined ? shelf.ids.length : countBelow(shelf.ids, before);
      const start = after === undefined ? 0 : countBelow(shelf.ids, `${after} `);
      const ids = shelf.ids.slice(Math.max(start, end - limit), end).reverse();
      return ids.map((id) => copyOf(shelf.byId.get(id) as StoredMessage));
    },
    async raise(changes) {
      return changes.map(advance);
    },
    async apply(actions) {
      return actions.map(apply);
    },
    async remove(keys) {
      for (const { conversationId, messageId } of keys) {
        const shelf = shelves.get(conversationId);
        if (shelf === undefined || !shelf.byId.delete(messageId)) continue;
        shelf.ids.splice(countBelow(shelf.ids, messageId), 1);
        conversations.delete(messageId);
      }
    },
    async recent(cursor, limit) {
      const arrivals = [...conversations.entries()].reverse();
      const from = cursor === null ? 0 : Number(cursor);
      return {
        messages: arrivals
          .slice(from, from + limit)
          .map(([messageId, conversationId]) => copyOf(find({ conversationId, messageId }) as StoredMessage)),
        cursor: from + limit < arrivals.length ? String(from + limit) : null,
      };
    },
    async beginLookBack(since, startedAt) {
      lookBack = { since: Math.min(since, lookBack?.since ?? since), startedAt };
      return lookBack.since;
    },
    async endLookBack(startedAt) {
      if (lookBack?.startedAt === startedAt) lookBack = null;
    },
    async restore(messages) {
      for (const message of messages) {
        const shelf = shelves.get(message.conversationId);
        if (shelf?.byId.has(message.messageId)) shelf.byId.set(message.messageId, copyOf(message));
        else add(copyOf(message));
      }
    },
    async scan(cursor, limit) {
      const ids = [...conversations.keys()].sort();
      const from = cursor === null ? 0 : countBelow(ids, `${cursor} `);
      const page = ids.slice(from, from + limit);
      return {
        messages: page.map((messageId) => {
          const conversationId = conversations.get(messageId) as ConversationId;
          return copyOf(find({ conversationId, messageId }) as StoredMessage);
        }),
        cursor: from + limit < ids.length ? (page.at(-1) ?? null) : null,
      };
    },
    async newest() {
      return newest;
    },
    async locate(messageId) {
      const conversationId = conversations.get(messageId);
      return conversationId === undefined ? null : { conversationId, messageId };
    },
    async ping() {},
    async [Symbol.asyncDispose]() {},
  };
}
