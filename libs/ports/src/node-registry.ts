import type { NodeInfo } from '@chasqui/domain';

/** The Connect nodes and their leases. Soft state, like presence. Errors: `presence_unavailable`. */
export interface NodeRegistry extends AsyncDisposable {
  /**
   * Adds or renews a node's lease for `leaseMs`. False: the registry did not know the node (its data was lost, or the
   * lease ended), so the node must register its sessions again.
   */
  renew(node: NodeInfo, leaseMs: number): Promise<boolean>;
  /** Removes a node that shut down cleanly: there is nothing to recover. */
  remove(nodeId: string): Promise<void>;
  /** Nodes whose lease has not ended. */
  live(): Promise<NodeInfo[]>;
  /**
   * Nodes whose lease has ended and whose users are not yet recovered. Each is claimed by one caller for `claimMs`; if
   * that caller does not `settle` it in time, the next caller gets it.
   */
  claimDead(claimMs: number): Promise<NodeInfo[]>;
  /** A dead node's users are recovered: removes the node and its presence entries. */
  settle(nodeId: string): Promise<void>;
}
