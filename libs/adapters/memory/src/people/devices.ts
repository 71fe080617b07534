import { type Device, type DeviceSeen, PEOPLE_LIMITS, PUSH_PROVIDERS, type UserId } from '@chasqui/domain';
import type { DeviceStore } from '@chasqui/ports';

type Devices = Map<UserId, Map<string, Device>>;

function note(users: Devices, { userId, deviceId, platform, at }: DeviceSeen): Device {
  const devices = users.get(userId) ?? new Map<string, Device>();
  users.set(userId, devices);
  const known = devices.get(deviceId);
  if (known !== undefined) {
    if (at > known.lastSeenAt) Object.assign(known, { platform, lastSeenAt: at });
    return known;
  }
  if (devices.size >= PEOPLE_LIMITS.maxDevicesPerUser) {
    const [oldest] = [...devices.values()].sort((a, b) => a.lastSeenAt - b.lastSeenAt);
    devices.delete(oldest?.deviceId ?? '');
  }
  const device = { userId, deviceId, platform, firstSeenAt: at, lastSeenAt: at, registrations: [] };
  devices.set(deviceId, device);
  return device;
}

function newestFirst(a: Device, b: Device): number {
  return b.lastSeenAt - a.lastSeenAt || (a.deviceId < b.deviceId ? -1 : 1);
}

/** Devices and their push registrations in memory, for tests and simulations. */
export function createMemoryDevices(): DeviceStore {
  const users: Devices = new Map();
  const find = (userId: UserId, deviceId: string) => users.get(userId)?.get(deviceId);
  return {
    async seen(devices) {
      for (const device of devices) note(users, device);
    },
    async register(device, registration) {
      const { provider, token, at } = registration;
      for (const other of [...users.values()].flatMap((devices) => [...devices.values()])) {
        if (provider === 'email') break;
        other.registrations = other.registrations.filter((one) => one.provider !== provider || one.token !== token);
      }
      const kept = note(users, { ...device, at });
      kept.registrations = [...kept.registrations.filter((one) => one.provider !== provider), { ...registration }].sort(
        (a, b) => PUSH_PROVIDERS.indexOf(a.provider) - PUSH_PROVIDERS.indexOf(b.provider),
      );
    },
    async unregister({ userId, deviceId, provider }, token) {
      const device = find(userId, deviceId);
      const kept = device?.registrations.filter(
        (one) => one.provider !== provider || (token !== undefined && one.token !== token),
      );
      if (device === undefined || kept === undefined || kept.length === device.registrations.length) return false;
      device.registrations = kept;
      return true;
    },
    async list(userIds) {
      return userIds.map((userId) => structuredClone([...(users.get(userId)?.values() ?? [])]).sort(newestFirst));
    },
    async forget(userId, deviceId) {
      return users.get(userId)?.delete(deviceId) ?? false;
    },
    async ping() {},
    async [Symbol.asyncDispose]() {},
  };
}
