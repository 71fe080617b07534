import type { UserId } from './conversation/conversation-id.ts';
import type { MessageId } from './message-id.ts';

export interface NodeInfo {
  /** Unique per process start: a restarted node is another node, so nothing of the old one is taken for the new one's. */
  nodeId: string;
  /** Where clients connect, for example `ws://127.0.0.1:4401/ws`. */
  wsUrl: string;
  /** Where peers deliver, for example `127.0.0.1:4501`. */
  peerAddress: string;
  /** Open connections, for balancing. */
  connections: number;
  /** True once it takes no new connections. */
  draining: boolean;
  /** Unix ms. */
  startedAt: number;
  /** The highest id that the node had seen when it said so. Absent: an older version. */
  lastId?: MessageId;
}

/** One logged-in device of a user. */
export interface DevicePresence {
  userId: UserId;
  deviceId: string;
  /** The session, unique for ever: a second login of the device has another. */
  sessionId: string;
  nodeId: string;
  platform: string;
  /** Unix ms. */
  since: number;
}
