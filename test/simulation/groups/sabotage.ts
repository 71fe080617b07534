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
