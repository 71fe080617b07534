import { type Clock, DEFAULT_LIMITS, inboxOf } from '@chasqui/domain';
import { type DevicePosition, logEpoch, type UpdateLog } from '@chasqui/ports';
import type { KeptConversations } from './kept-conversations.ts';

export function createLogs(state: KeptConversations, clock: Clock): UpdateLog {
  const furthest = (devices: Iterable<DevicePosition>): number => {
    let position = 0;
    for (const device of devices) position = Math.max(position, device.position);
    return position;
  };
  return {
    async append(items) {
      return items.map(({ log, update }) => state.log(log).append(update, clock.now()));
    },
    async page(logId, after, limit) {
      const { epoch } = state;
      const log = state.logs.get(logId);
      if (log === undefined) return { entries: [], head: 0, floor: 0, epoch };
      return {
        entries: log.after(after, limit),
        head: log.head,
        floor: log.floor,
        epoch: logEpoch(epoch, log.life),
      };
    },
    async renew(logId, epoch) {
      const log = state.log(logId);
      if (logEpoch(state.epoch, log.life) === epoch) log.life++;
    },
    async confirm({ userId, deviceId, position, at }) {
      const head = state.logs.get(inboxOf(userId))?.head ?? 0;
      const devices = state.devices.get(userId) ?? new Map<string, DevicePosition>();
      const before = furthest(devices.values());
      const stood = devices.get(deviceId)?.position ?? 0;
      const stands = Math.max(stood, Math.min(position, head));
      if (stands > stood) {
        devices.set(deviceId, { userId, deviceId, position: stands, at });
        state.devices.set(userId, devices);
        forgetOldest(devices, deviceId);
      }
      return { before, now: Math.max(before, stands) };
    },
    async devices(userId) {
      return [...(state.devices.get(userId)?.values() ?? [])];
    },
    async trim(olderThan, limit) {
      let dropped = 0;
      for (const log of state.logs.values()) {
        if (dropped >= limit) break;
        dropped += log.trim(olderThan, limit - dropped);
      }
      return dropped;
    },
    async clear(logId, limit) {
      state.devices.delete(logId);
      return state.logs.get(logId)?.trim(Number.POSITIVE_INFINITY, limit) ?? 0;
    },
    async ping() {},
    async [Symbol.asyncDispose]() {},
  };
}

/** Limits the number of a user's devices; `confirming` is kept. */
function forgetOldest(devices: Map<string, DevicePosition>, confirming: string): void {
  if (devices.size <= DEFAULT_LIMITS.maxDevicesPerUser) return;
  const others = [...devices.values()].filter(({ deviceId }) => deviceId !== confirming);
  const oldest = others.reduce((a, b) => (b.at < a.at ? b : a));
  devices.delete(oldest.deviceId);
}
