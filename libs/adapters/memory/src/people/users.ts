import type { UserId } from '@chasqui/domain';
import type { UserRecord, UserStore } from '@chasqui/ports';

/** Registered users in memory, for tests and simulations. */
export function createMemoryUsers(): UserStore {
  const users = new Map<UserId, UserRecord>();
  const erased = new Set<UserId>();
  return {
    async create(user) {
      if (users.has(user.userId) || erased.has(user.userId)) return false;
      users.set(user.userId, { ...user });
      return true;
    },
    async get(userId) {
      const user = users.get(userId);
      return user === undefined ? null : { ...user };
    },
    async changePassword(userId, from, to) {
      const user = users.get(userId);
      if (user?.passwordHash !== from) return false;
      users.set(userId, { ...user, passwordHash: to });
      return true;
    },
    async erase(userId) {
      users.delete(userId);
      erased.add(userId);
    },
    async ping() {},
    async [Symbol.asyncDispose]() {},
  };
}
