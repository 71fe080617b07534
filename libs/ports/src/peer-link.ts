import type { ConversationId, MessageId, NodeInfo, UserId } from '@chasqui/domain';

/** One frame for the sockets of one user on one node. */
export interface Delivery {
  userId: UserId;
  /** A server frame as JSON text. */
  frame: string;
  /** Only this session, if the node has it. */
  onlySession?: string;
  /** All sessions except this one. */
  exceptSession?: string;
  /** Closes the sessions after the frame, with this code and its reason. */
  closeCode?: number;
  /**
   * The frame contains a message: if no device of the user acks it within the ack timeout, or all their sockets close
   * first, the node reports it as offline (C9).
   */
  watch?: { messageId: MessageId; conversationId: ConversationId };
  /**
   * Not for sockets: the user's blocks, contacts or privacy changed, so the node must discard what it has cached about
   * them, and watchers of the user's presence may need an update. Sent with an empty frame to `NO_SESSION`.
   */
  relationsChanged?: boolean;
  /**
   * For the sessions of all members of this group on the node, instead of those of `userId`, who is the cause. Sent
   * with `onlySession: NO_SESSION`, so that a node that does not know groups delivers it to nobody. `watch` then only
   * names the message: no ack of it is awaited.
   */
  group?: ConversationId;
  /**
   * Not for sockets: the members of the group changed. The node must forget what it knows of the group and of these
   * users in it, and add or remove their sessions; it answers once it has. Sent with an empty frame, as above.
   */
  membersChanged?: readonly UserId[];
  /** The W3C `traceparent` of the cause, if traced. */
  traceparent?: string | undefined;
}

/** A session id that no session has: a node that does not know a delivery's purpose delivers it to no session. */
export const NO_SESSION = '-';

/**
 * Carries deliveries to other nodes in batches, in order per node. At most once: the caller must handle failures.
 * Bounded: a delivery fails at the bound or after the peer deadline.
 */
export interface PeerLink extends AsyncDisposable {
  /**
   * For each delivery, in order: how many sessions took it (0: the user is not on that node). Errors:
   * `peer_unavailable` if the node cannot be reached or does not answer within the deadline.
   */
  deliver(node: Pick<NodeInfo, 'nodeId' | 'peerAddress'>, deliveries: readonly Delivery[]): Promise<number[]>;
}

/** Handles deliveries from other nodes; returns how many sessions took each. */
export type DeliveryHandler = (deliveries: readonly Delivery[]) => number[];
