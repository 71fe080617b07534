import { type ConversationEventValue, decodeEvents } from '@chasqui/core';
import { CONVERSATION_TOPIC, type MessageStatus } from '@chasqui/domain';
import type { UnreadCounts } from '@chasqui/ports';
import type { Sabotage } from './engine-set.ts';

/** Engines that break a promise of their port: the checker must detect each. */

/** Acks messages that it drops. */
export const forgetfulBus: Sabotage = ({ bus }) => ({
  bus: {
    ...bus,
    publish: async (publication) => {
      const events = decodeEvents(publication.body) as ConversationEventValue[];
      if (publication.topic === CONVERSATION_TOPIC && events.some(({ type }) => type === 'message')) return;
      await bus.publish(publication);
    },
  },
});

/** Rejects every publish that has a message from one user. */
export const stubbornBus: Sabotage = ({ bus }) => ({
  bus: {
    ...bus,
    publish: async (publication) => {
      if (publication.body.includes('"from":"ann"')) throw new Error('not from her');
      await bus.publish(publication);
    },
  },
});

/** Records every copy as another message, under another id. */
export const withoutDedup: Sabotage = ({ conversations }) => {
  const seen = new Set<string>();
  return {
    conversations: {
      ...conversations,
      record: async (messages) => {
        const copies = messages.map((message) => {
          const key = `${message.from}/${message.clientMessageId}`;
          if (!seen.has(key)) {
            seen.add(key);
            return message;
          }
          const digit = message.messageId.endsWith('0') ? '1' : '0';
          const content = { ...message.content, data: { copy: seen.size } };
          const digests = [`copy ${seen.size}`] as const;
          return { ...message, content, digests, messageId: message.messageId.slice(0, -1) + digit };
        });
        const outcomes = await conversations.record(copies);
        // Recording the same key again is a conflict for the engine itself: this reports it as recorded.
        return outcomes.map((outcome, index) => {
          const copy = copies[index];
          if (outcome.result !== 'conflict' || copy === undefined) return outcome;
          const places = copy.audience.map((log) => ({ log, position: 0 }));
          return { result: 'recorded' as const, messageId: copy.messageId, places, unread: [] };
        });
      },
    },
  };
};

/** Acks bodies that it loses. */
export const lossyMessages: Sabotage = ({ messages }) => ({
  messages: { ...messages, put: async (items) => messages.put(items.slice(1)) },
});

/** Accepts any status as the newest, also a lower one. */
export const backwardStatuses: Sabotage = ({ messages }) => {
  const overwritten = new Map<string, { [member: string]: MessageStatus }>();
  return {
    messages: {
      ...messages,
      raise: async (changes) => {
        const results = await messages.raise(changes);
        for (const { messageId, member, status } of changes) {
          overwritten.set(messageId, { ...overwritten.get(messageId), [member]: status });
        }
        return results.map((result) => (result === 'missing' ? result : 'raised'));
      },
      scan: async (cursor, limit) => {
        const page = await messages.scan(cursor, limit);
        for (const message of page.messages) {
          message.statuses = { ...message.statuses, ...overwritten.get(message.messageId) };
        }
        return page;
      },
    },
  };
};

/** Acks read marks that it drops. */
export const forgetfulMarks: Sabotage = ({ conversations }) => ({
  conversations: {
    ...conversations,
    entries: async (keys) => {
      const entries = await conversations.entries(keys);
      return entries.map((entry) => (entry === null ? null : { ...entry, read: { upTo: '', at: 0, node: '' } }));
    },
  },
});

/** Does not record that a receiver was offline. */
export const carelessStatuses: Sabotage = ({ messages }) => ({
  messages: {
    ...messages,
    raise: async (changes) => {
      const others = changes.filter(({ status }) => status !== 'unread');
      const results = await messages.raise(others);
      return changes.map((change) => results[others.indexOf(change)] ?? 'further');
    },
  },
});

/** Adds to the counts instead of setting them. */
export const countingCache: Sabotage = ({ unreadCache }) => {
  const kept = new Map<string, UnreadCounts>();
  return {
    unreadCache: {
      ...unreadCache,
      async fill(counts) {
        kept.set(counts.userId, structuredClone(counts));
      },
      get: async (userId) => structuredClone(kept.get(userId) ?? null),
      async drop(userId) {
        kept.delete(userId);
      },
      async set(states) {
        for (const { userId, conversationId, count } of states) {
          const counts = kept.get(userId);
          if (counts === undefined) continue;
          const before = counts.byConversation[conversationId] ?? 0;
          counts.byConversation[conversationId] = count === 0 ? 0 : before + 1;
          counts.total += (counts.byConversation[conversationId] ?? 0) - before;
        }
      },
    },
  };
};

/** Omits entries from pages. */
export const gappedLogs: Sabotage = ({ logs }) => ({
  logs: {
    ...logs,
    page: async (log, after, limit) => {
      const page = await logs.page(log, after, limit);
      return { ...page, entries: page.entries.filter(({ position }) => position % 7 !== 3) };
    },
  },
});

/** Acks documents that it does not index. */
export const blindSearch: Sabotage = ({ search }) => ({
  search: {
    ...search,
    index: async (documents) => {
      await search.index(documents.filter(({ from }) => from !== 'bob'));
      return documents.map(() => null);
    },
  },
});
