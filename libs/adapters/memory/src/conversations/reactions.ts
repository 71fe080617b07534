import { applyReactions, type Clock, isChanged, NO_REACTIONS, type Place, type ReactionUpdate } from '@chasqui/domain';
import { MAX_REACTORS_READ, type OwnReactions, type ReactionStore, type ReactionsToRecord } from '@chasqui/ports';
import type { KeptConversations } from './kept-conversations.ts';

/** Reactions in memory, for tests and simulations. Every call is one transaction. */
export function createMemoryReactions(kept: KeptConversations, clock: Clock): ReactionStore {
  const { reactions: table } = kept;

  function react({ audience, messageRevision, wanted, limits, ...key }: ReactionsToRecord) {
    const { conversationId, messageId } = key;
    if ((kept.revisions.get(`${conversationId} ${messageId}`) ?? 0) > messageRevision) return null;
    const before = table.of(key);
    const reactors = new Map(before?.reactors);
    const state = { reactions: before?.reactions ?? NO_REACTIONS, reactors };
    const { reactions, rows, outcomes } = applyReactions(state, wanted, limits);
    for (const [userId, row] of rows) {
      if (row === null) reactors.delete(userId);
      else reactors.set(userId, row);
    }
    if (rows.size > 0) table.set({ key: { conversationId, messageId }, reactions, reactors });
    const places: Place[] = [];
    if (isChanged(outcomes)) {
      const { revision, at } = reactions;
      const update: ReactionUpdate = { type: 'react', conversationId, messageId, revision, at };
      for (const log of audience) places.push({ log, position: kept.log(log).append(update, clock.now()) });
    }
    return { outcomes, reactions, places };
  }

  return {
    react: async (given) => react(given),
    seen: async (userId, keys) =>
      keys.map((key) => {
        const found = table.of(key);
        if (found === undefined || found.reactions.revision === 0) return null;
        return { ...found.reactions, mine: found.reactors.get(userId)?.emojis ?? [] };
      }),
    async reactors(key, { emoji, after, limit }) {
      const all = [...(table.of(key)?.reactors ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
      const rows = all.filter(([userId]) => after === undefined || userId > after).slice(0, MAX_REACTORS_READ);
      const wanted = rows.filter(([, { emojis }]) =>
        emoji === undefined ? emojis.length > 0 : emojis.includes(emoji),
      );
      const page = wanted.slice(0, limit);
      const last = wanted.length > limit ? page.at(-1) : rows.at(-1);
      const next = last === undefined || last === all.at(-1) ? null : last[0];
      return { reactors: page.map(([userId, { emojis, at }]) => ({ userId, emojis, at })), next };
    },
    async of(userId, { after, limit }) {
      const nameOf = ({ conversationId, messageId }: { conversationId: string; messageId: string }) =>
        `${conversationId} ${messageId}`;
      const own = [...table.kept.values()].flatMap<OwnReactions>(({ key, reactors }) => {
        const { emojis = [], at = 0 } = reactors.get(userId) ?? {};
        return emojis.length === 0 ? [] : [{ ...key, emojis, at }];
      });
      const inOrder = own.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
      return inOrder.filter((one) => after === undefined || nameOf(one) > nameOf(after)).slice(0, limit);
    },
    async ping() {},
    async [Symbol.asyncDispose]() {},
  };
}
