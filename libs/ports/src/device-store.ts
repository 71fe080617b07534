import type { Device, DeviceSeen, PushProvider, PushRegistration, UserId } from '@chasqui/domain';

/** The key of a registration. */
export interface RegistrationKey {
  userId: UserId;
  deviceId: string;
  provider: PushProvider;
}

/**
 * The devices of users, and their push registrations. Every call is one transaction; a resolved write survives kill -9.
 * Bound: `PEOPLE_LIMITS.maxDevicesPerUser`; a new device beyond it evicts the device with the lowest `lastSeenAt`,
 * together with its registrations. Errors: `store_unavailable` (repeat: every call is idempotent).
 */
export interface DeviceStore extends AsyncDisposable {
  /**
   * Records that devices were seen: adds new ones; for known ones, a later `at` replaces platform and `lastSeenAt`, and
   * an earlier one changes nothing.
   */
  seen(devices: readonly DeviceSeen[]): Promise<void>;
  /**
   * Records the device as seen at `registration.at`, and replaces its registration with that provider. A token belongs
   * to one user only: any other registration of the same provider and token is removed (the phone changed hands).
   * E-mail is an exception, because anybody can name anybody's address: an address not yet verified to be the user's is
   * kept as `unconfirmed`.
   */
  register(device: Omit<DeviceSeen, 'at'>, registration: PushRegistration): Promise<void>;
  /**
   * Removes a registration. With `token`, only if it still has that token, because it may have been replaced meanwhile.
   * False: no such registration.
   */
  unregister(key: RegistrationKey, token?: string): Promise<boolean>;
  /** The devices of each user, in the order of `userIds`; most recently seen first. */
  list(userIds: readonly UserId[]): Promise<Device[][]>;
  /** Removes a device with its registrations. False: no such device. */
  forget(userId: UserId, deviceId: string): Promise<boolean>;
  ping(): Promise<void>;
}
