import { PEOPLE_LIMITS, type UserId } from '@chasqui/domain';
import { EVERY_TOKEN, type RevocationStore } from '@chasqui/ports';

/** Stands for all of a user's devices: no device is called so. */
const ALL = '';

/** Revoked sessions in memory: for tests and simulations. */
export function createMemoryRevocations(): RevocationStore {
  const users = new Map<UserId, Map<string, number>>();
  const disabled = new Map<UserId, number>();
  return {
    async revoke({ userId, deviceId = ALL, issuedBefore }) {
      const kept = users.get(userId) ?? new Map<string, number>();
      users.set(userId, kept);
      kept.set(deviceId, Math.max(kept.get(deviceId) ?? 0, issuedBefore));
      const single = [...kept].filter(([device]) => device !== ALL).sort(([, a], [, b]) => b - a);
      for (const [device] of single.slice(PEOPLE_LIMITS.maxRevocationsPerUser)) kept.delete(device);
    },
    async disable(userId, at) {
      if (disabled.has(userId)) return false;
      disabled.set(userId, at);
      return true;
    },
    async enable(userId) {
      return disabled.delete(userId);
    },
    async disabled(userIds) {
      return userIds.map((userId) => disabled.get(userId) ?? null);
    },
    async cutOffs(devices) {
      return devices.map(({ userId, deviceId }) => {
        if (disabled.has(userId)) return EVERY_TOKEN;
        const kept = users.get(userId);
        return Math.max(kept?.get(ALL) ?? 0, kept?.get(deviceId) ?? 0);
      });
    },
    async trim(olderThan, limit) {
      let dropped = 0;
      for (const kept of users.values()) {
        for (const [device, issuedBefore] of kept) {
          if (issuedBefore >= olderThan || dropped >= limit) continue;
          kept.delete(device);
          dropped++;
        }
      }
      return dropped;
    },
    async ping() {},
    async [Symbol.asyncDispose]() {},
  };
}
