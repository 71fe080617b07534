import type { UserId } from './conversation/conversation-id.ts';
import type { MessageId } from './message-id.ts';

export interface NodeInfo {
  /**
   * Unique per process start: a restarted node has another id, so that its state is never confused with the former
   * one's.
   */
  nodeId: string;
  /** The address for clients, for example `ws://127.0.0.1:4401/ws`. */
  wsUrl: string;
  /** The address for peers, for example `127.0.0.1:4501`. */
  peerAddress: string;
  /** Number of open connections, for load balancing. */
  connections: number;
  /** True once the node accepts no new connections. */
  draining: boolean;
  /** Unix ms. */
  startedAt: number;
  /** The highest message id that the node had seen when it sent this. Absent: the node runs an older version. */
  lastId?: MessageId;
}

/** One logged-in device of a user. */
export interface DevicePresence {
  userId: UserId;
  deviceId: string;
  /** The session id, never reused: another login of the same device gets another id. */
  sessionId: string;
  nodeId: string;
  platform: string;
  /** Unix ms. */
  since: number;
}
