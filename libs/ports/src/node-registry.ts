import type { NodeInfo } from '@chasqui/domain';

/** The Connect nodes and their leases. Soft state, like presence. Errors: `presence_unavailable`. */
export interface NodeRegistry extends AsyncDisposable {
  /** Adds or renews a node for `leaseMs`. False: the registry did not know the node (it was lost or lapsed): register your sessions again. */
  renew(node: NodeInfo, leaseMs: number): Promise<boolean>;
  /** Takes a node away in good order: it leaves nothing to recover. */
  remove(nodeId: string): Promise<void>;
  /** Nodes whose lease stands. */
  live(): Promise<NodeInfo[]>;
  /**
   * Nodes whose lease has ended and whose users nobody has recovered yet: each is given to one caller for `claimMs`;
   * if that caller does not `settle` it by then, to the next.
   */
  claimDead(claimMs: number): Promise<NodeInfo[]>;
  /** A dead node's users were recovered: forget the node and its presence entries. */
  settle(nodeId: string): Promise<void>;
}
