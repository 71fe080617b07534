import type { DevicePresence, UserId } from '@chasqui/domain';

/**
 * A log-in may be registered late, when its device has long been logged in elsewhere. A session that is older than the
 * registered one by more than this, in ms, is such a log-in; nodes' clocks may differ by less.
 */
export const STALE_LOGIN_MS = 1_000;

export interface Registered {
  /** The user's other live entries. */
  others: DevicePresence[];
  replaced: DevicePresence | null;
  /** The live entry that stays, because the registering session is stale (`STALE_LOGIN_MS`); nothing was changed then. */
  newer: DevicePresence | null;
}

/**
 * The connected devices of users, and their nodes. Soft state: it may be lost as a whole, and the nodes then register
 * again. An entry counts only while its node's lease lasts (see `NodeRegistry`). Errors: `presence_unavailable`.
 */
export interface Presence extends AsyncDisposable {
  /** Adds or replaces the entry of (userId, deviceId), unless the session is stale. Idempotent. */
  register(entry: DevicePresence): Promise<Registered>;
  /** Removes the entry if it still belongs to this session. False: another session replaced it, or it was absent. */
  unregister(entry: Pick<DevicePresence, 'userId' | 'deviceId' | 'sessionId'>): Promise<boolean>;
  /** The live entries of each user, in the order of `userIds`; empty: the user is offline. */
  lookup(userIds: readonly UserId[]): Promise<DevicePresence[][]>;
  /** The entries of a node, live or not, page by page in an order of the adapter's own. A null cursor ends. */
  onNode(
    nodeId: string,
    cursor: string | null,
    limit: number,
  ): Promise<{ entries: DevicePresence[]; cursor: string | null }>;
  ping(): Promise<void>;
}
