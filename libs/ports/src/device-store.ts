import type { Device, DeviceSeen, PushProvider, PushRegistration, UserId } from '@chasqui/domain';

/** A registration without its details: where it is kept. */
export interface RegistrationKey {
  userId: UserId;
  deviceId: string;
  provider: PushProvider;
}

/**
 * The devices of users and how to reach them while they are away. Every call is one transaction; what is resolved
 * survives kill -9. Bound: `PEOPLE_LIMITS.maxDevicesPerUser`; a new device beyond it takes the place of the one with the
 * lowest `lastSeenAt`, whose registrations go with it. Errors: `store_unavailable` (repeat: every call is idempotent).
 */
export interface DeviceStore extends AsyncDisposable {
  /** Notes devices that showed themselves: makes the new ones; of the others, a later `at` replaces platform and `lastSeenAt`, an earlier one changes nothing. */
  seen(devices: readonly DeviceSeen[]): Promise<void>;
  /**
   * Notes the device as seen at `registration.at`, and puts the registration in the place of the one that the device had
   * with that provider. A token leads to one person only: wherever else the same provider and token are registered (the
   * phone changed hands), that registration goes. Not so for e-mail, where anybody can name anybody's address: one that is not shown to be the user's is kept
   * as `unconfirmed`.
   */
  register(device: Omit<DeviceSeen, 'at'>, registration: PushRegistration): Promise<void>;
  /** Removes a registration; with `token`, only while it is still that one, as a fresh one may have come meanwhile. False: there was no such. */
  unregister(key: RegistrationKey, token?: string): Promise<boolean>;
  /** The devices of each user, in the order asked, the most recently seen first. */
  list(userIds: readonly UserId[]): Promise<Device[][]>;
  /** Removes a device with its registrations. False: there was none. */
  forget(userId: UserId, deviceId: string): Promise<boolean>;
  ping(): Promise<void>;
}
