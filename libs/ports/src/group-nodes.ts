import type { ConversationId } from '@chasqui/domain';

/**
 * Which nodes have sessions of a group's members. Soft state, like `Presence`: it may be lost as a whole, and the nodes
 * then subscribe again within their lease. Errors: `presence_unavailable`; the caller then asks every node.
 */
export interface GroupNodes extends AsyncDisposable {
  /**
   * The node wants what is sent to these groups. Idempotent. A subscription lapses an hour after it was last made, so
   * nodes repeat theirs.
   */
  subscribe(nodeId: string, groups: readonly ConversationId[]): Promise<void>;
  unsubscribe(nodeId: string, groups: readonly ConversationId[]): Promise<void>;
  /** The ids of the nodes, in no order, for each group in order; also of nodes that have died since. */
  nodesOf(groups: readonly ConversationId[]): Promise<string[][]>;
  ping(): Promise<void>;
}
