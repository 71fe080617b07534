import type { DevicePresence, UserId } from '@chasqui/domain';

/**
 * The connected devices of users, and their nodes. Soft state: it may be lost as a whole, and the nodes then register
 * again. An entry counts only while its node's lease lasts (see `NodeRegistry`). Errors: `presence_unavailable`.
 */
export interface Presence extends AsyncDisposable {
  /**
   * Adds or replaces the entry of (userId, deviceId) and returns the user's other live entries and the one replaced.
   * Idempotent.
   */
  register(entry: DevicePresence): Promise<{ others: DevicePresence[]; replaced: DevicePresence | null }>;
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
