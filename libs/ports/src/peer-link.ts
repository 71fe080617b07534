import type { ConversationId, MessageId, NodeInfo, UserId } from '@chasqui/domain';

/** One frame for the sockets of one user on one node. */
export interface Delivery {
  userId: UserId;
  /** A server frame as JSON text. */
  frame: string;
  /** Only this session, if it is there. */
  onlySession?: string;
  /** Every session but this one. */
  exceptSession?: string;
  /** Close the sessions with this code, and the reason that belongs to it, after the frame. */
  closeCode?: number;
  /**
   * The frame hands over a message: if no device of the user acks it within the ack timeout, or their sockets close
   * first, the node reports it offline (C9).
   */
  watch?: { messageId: MessageId; conversationId: ConversationId };
  /**
   * Nothing for sockets: the user's blocks, contacts or privacy changed, so what the node remembers of them is void, and who
   * watches the user's presence may have to be told otherwise. Sent with an empty frame to `NO_SESSION`.
   */
  relationsChanged?: boolean;
  /** The W3C `traceparent` of what it follows from, where that is traced. */
  traceparent?: string | undefined;
}

/** No session has this id: a node that does not know what a delivery is for hands it to nobody. */
export const NO_SESSION = '-';

/**
 * Carries deliveries to a node in order per node, in batches. At-most-once: what fails is the caller's to heal.
 * Bounded: at the bound, or after the peer deadline, a delivery counts as failed.
 */
export interface PeerLink extends AsyncDisposable {
  /**
   * For each delivery, in order: how many sessions took it (0: the user is not on that node).
   * Errors: `peer_unavailable` when the node cannot be reached or does not answer within the deadline.
   */
  deliver(node: Pick<NodeInfo, 'nodeId' | 'peerAddress'>, deliveries: readonly Delivery[]): Promise<number[]>;
}

/** What a node does with deliveries that reach it. */
export type DeliveryHandler = (deliveries: readonly Delivery[]) => number[];
