import { PEOPLE_LIMITS } from '@chasqui/domain';
import type { Login, LoginStore } from '@chasqui/ports';

/** Chains of refresh tokens in memory, for tests. */
export function createMemoryLogins(): LoginStore {
  const logins = new Map<string, Login>();
  const keyOf = ({ userId, loginId }: Login) => `${userId} ${loginId}`;
  return {
    async begin(login) {
      if (logins.has(keyOf(login))) return;
      logins.set(keyOf(login), { ...login });
      const own = [...logins.values()].filter(({ userId }) => userId === login.userId).sort((a, b) => b.at - a.at);
      for (const beyond of own.slice(PEOPLE_LIMITS.maxLoginsPerUser)) logins.delete(keyOf(beyond));
    },
    async refresh(login, graceMs) {
      const kept = logins.get(keyOf(login));
      if (kept === undefined) return 'ended';
      if (login.step === kept.step - 1 && login.at - kept.at <= graceMs) return kept.step;
      if (login.step === kept.step) {
        logins.set(keyOf(login), { ...login, step: kept.step + 1 });
        return kept.step + 1;
      }
      logins.delete(keyOf(login));
      return 'reused';
    },
    async endAll(userId) {
      for (const login of logins.values()) if (login.userId === userId) logins.delete(keyOf(login));
    },
    async trim(olderThan, limit) {
      const old = [...logins.values()].filter(({ at }) => at < olderThan).slice(0, limit);
      for (const login of old) logins.delete(keyOf(login));
      return old.length;
    },
    async ping() {},
    async [Symbol.asyncDispose]() {},
  };
}
