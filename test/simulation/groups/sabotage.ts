import { groupLog } from '@chasqui/domain';
import type { Sabotage } from '../engine-set.ts';

/** Engines that break a promise about groups: the judge must detect each. */

/** Records messages, and says of some that it refused them. */
export const lyingRefusals: Sabotage = ({ conversations }) => ({
  conversations: {
    ...conversations,
    record: async (messages) => {
      const outcomes = await conversations.record(messages);
      return outcomes.map((outcome) => {
        if (outcome.result !== 'recorded' || !outcome.messageId.endsWith('0')) return outcome;
        return { result: 'refused', reason: 'not_a_member', messageId: outcome.messageId };
      });
    },
  },
});

/** Gives the messages of some groups' pages in another order. */
export const shuffledLogs: Sabotage = ({ logs }) => ({
  logs: {
    ...logs,
    page: async (log, after, limit) => {
      const page = await logs.page(log, after, limit);
      if (!log.startsWith('~')) return page;
      const positions = page.entries.map(({ position }) => position);
      const entries = page.entries.toReversed().map((entry, index) => ({ ...entry, position: positions[index] ?? 0 }));
      return { ...page, entries };
    },
  },
});

/** Says that it removed members, and leaves them in the group. */
export const emptyRemovals: Sabotage = ({ groups, logs }) => ({
  groups: {
    ...groups,
    apply: async (change, bounds) => {
      const { conversationId, by, at } = change;
      const [group] = await groups.groups([conversationId]);
      if (change.change !== 'remove' || group == null) return groups.apply(change, bounds);
      const users = [...change.details.users];
      const update = { type: 'notice', notice: 'removed', conversationId, by, at, users, version: 0 } as const;
      const [position = 0] = await logs.append([{ log: groupLog(conversationId), update }]);
      const outcome = { result: 'applied', group, users } as const;
      return { outcome, notice: { ...update, position }, told: [], isRepeat: false };
    },
  },
});

/** Counts one message too many. */
export const miscounting: Sabotage = ({ groups }) => ({
  groups: {
    ...groups,
    headsOf: async (keys) => {
      const heads = await groups.headsOf(keys);
      return heads.map((head) => (head === null || head.unread === 0 ? head : { ...head, unread: head.unread + 1 }));
    },
  },
});

/** Says that everybody has read everything. */
export const flatteringReaders: Sabotage = ({ groups }) => ({
  groups: {
    ...groups,
    readers: async (id, _, { limit }) => {
      const members = await groups.page(id, { limit });
      return members.map(({ userId }) => ({ userId, at: 1 }));
    },
  },
});

/** Moves marks as it is told, also back. */
export const backwardMarks: Sabotage = ({ conversations, logs }) => ({
  conversations: {
    ...conversations,
    markRead: async (mark) => {
      const result = await conversations.markRead(mark);
      const { userId, conversationId, upTo, at } = mark;
      if (!result.changed) await logs.append([{ log: userId, update: { type: 'read', conversationId, upTo, at } }]);
      return result;
    },
  },
});

/** Writes each message of a group into its sender's inbox too. */
export const copiesInInboxes: Sabotage = ({ conversations, logs }) => ({
  conversations: {
    ...conversations,
    record: async (messages) => {
      const outcomes = await conversations.record(messages);
      for (const [index, { conversationId, from, clientMessageId }] of messages.entries()) {
        const outcome = outcomes[index];
        if (outcome?.result !== 'recorded') continue;
        const update = {
          type: 'message',
          conversationId,
          messageId: outcome.messageId,
          from,
          clientMessageId,
        } as const;
        await logs.append([{ log: from, update }]);
      }
      return outcomes;
    },
  },
});

/** Finds nothing. */
export const emptySearch: Sabotage = ({ search }) => ({ search: { ...search, search: async () => [] } });

/** Leaves out the newest message of each page. */
export const shortHistory: Sabotage = ({ messages }) => ({
  messages: { ...messages, page: async (id, options) => (await messages.page(id, options)).slice(1) },
});
