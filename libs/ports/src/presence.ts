import type { DevicePresence, UserId } from '@chasqui/domain';

/**
 * Which devices of whom are connected where. Soft state: it may be lost as a whole, and the nodes then register again.
 * An entry counts only while its node's lease stands (see `NodeRegistry`). Errors: `presence_unavailable`.
 */
export interface Presence extends AsyncDisposable {
  /**
   * Adds or replaces the entry of (userId, deviceId) and returns the user's other live entries and the one replaced.
   * Idempotent.
   */
  register(entry: DevicePresence): Promise<{ others: DevicePresence[]; replaced: DevicePresence | null }>;
  /** Removes the entry if it is still this session's. False: another session took its place, or it was gone. */
  unregister(entry: Pick<DevicePresence, 'userId' | 'deviceId' | 'sessionId'>): Promise<boolean>;
  /** The live entries of each user, in the order asked; empty for one who is nowhere. */
  lookup(userIds: readonly UserId[]): Promise<DevicePresence[][]>;
  /** The entries of a node, live or not, page by page in an order of the adapter's own. Null ends. */
  onNode(
    nodeId: string,
    cursor: string | null,
    limit: number,
  ): Promise<{ entries: DevicePresence[]; cursor: string | null }>;
  ping(): Promise<void>;
}
