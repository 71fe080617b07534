import { PEOPLE_LIMITS, type UserId } from '@chasqui/domain';
import type { CutOff, Revocation, RevocationStore } from '@chasqui/ports';

/** Stands for all of a user's devices: no device has this id. */
const ALL = '';

type Ended = Pick<CutOff, 'generation' | 'issuedBefore'>;
const NOTHING: Ended = { generation: 0, issuedBefore: 0 };

interface User {
  /** How often the user's sessions were ended. */
  current: number;
  devices: Map<string, Ended>;
}

function end(user: User, { deviceId = ALL, issuedBefore }: Revocation): void {
  user.current++;
  const before = user.devices.get(deviceId) ?? NOTHING;
  const after = { generation: user.current, issuedBefore: Math.max(before.issuedBefore, issuedBefore) };
  user.devices.set(deviceId, after);
  const single = [...user.devices].filter(([device]) => device !== ALL);
  single.sort(([, a], [, b]) => b.generation - a.generation);
  for (const [device] of single.slice(PEOPLE_LIMITS.maxRevocationsPerUser)) user.devices.delete(device);
}

function cutOff({ current, devices }: User, deviceId: string): Omit<CutOff, 'disabled'> {
  const [all = NOTHING, own = NOTHING] = [devices.get(ALL), devices.get(deviceId)];
  return {
    current,
    generation: Math.max(all.generation, own.generation),
    issuedBefore: Math.max(all.issuedBefore, own.issuedBefore),
  };
}

/** Revoked sessions in memory, for tests and simulations. */
export function createMemoryRevocations(): RevocationStore {
  const users = new Map<UserId, User>();
  const disabled = new Map<UserId, number>();
  return {
    async revoke(revocation) {
      const user = users.get(revocation.userId) ?? { current: 0, devices: new Map<string, Ended>() };
      users.set(revocation.userId, user);
      end(user, revocation);
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
        const user = users.get(userId) ?? { current: 0, devices: new Map<string, Ended>() };
        return { disabled: disabled.has(userId), ...cutOff(user, deviceId) };
      });
    },
    async trim(olderThan, limit) {
      let dropped = 0;
      for (const { devices } of users.values()) {
        for (const [device, { issuedBefore }] of devices) {
          if (device === ALL || issuedBefore >= olderThan || dropped >= limit) continue;
          devices.delete(device);
          dropped++;
        }
      }
      return dropped;
    },
    async ping() {},
    async [Symbol.asyncDispose]() {},
  };
}
