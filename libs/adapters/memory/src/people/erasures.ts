import type { Erasure, UserId } from '@chasqui/domain';
import type { ErasureStore } from '@chasqui/ports';

/** Erasures of users in memory, for tests. */
export function createMemoryErasures(): ErasureStore {
  const erasures = new Map<UserId, Erasure & { heldUntil: number }>();
  const shown = ({ heldUntil: _, ...erasure }: Erasure & { heldUntil: number }): Erasure => erasure;
  return {
    async begin(erasure) {
      const { heldUntil = 0, erasesMessages = false } = erasures.get(erasure.userId) ?? {};
      const begun = { ...erasure, erasesMessages: erasure.erasesMessages || erasesMessages, doneAt: 0, heldUntil };
      erasures.set(erasure.userId, begun);
      return shown(begun);
    },
    async get(userIds) {
      return userIds.map((userId) => {
        const erasure = erasures.get(userId);
        return erasure === undefined ? null : shown(erasure);
      });
    },
    async page(after, limit) {
      const found = [...erasures.values()].filter(({ userId }) => userId > after);
      found.sort((a, b) => (a.userId < b.userId ? -1 : 1));
      return found.slice(0, limit).map(shown);
    },
    async take(now, until) {
      const free = [...erasures.values()].filter(({ doneAt, heldUntil }) => doneAt === 0 && heldUntil <= now);
      const [first] = free.sort((a, b) => a.requestedAt - b.requestedAt);
      if (first === undefined) return null;
      first.heldUntil = until;
      return shown(first);
    },
    async hold(userId, until) {
      const erasure = erasures.get(userId);
      if (erasure !== undefined) erasure.heldUntil = until;
    },
    async finish({ userId, erasesMessages, requestedAt }, at) {
      const erasure = erasures.get(userId);
      if (erasure?.requestedAt !== requestedAt || erasure.erasesMessages !== erasesMessages) return false;
      erasure.doneAt = at;
      return true;
    },
    async ping() {},
    async [Symbol.asyncDispose]() {},
  };
}
