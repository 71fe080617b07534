import type { BlockedSenderPolicy, NodeInfo } from '@chasqui/domain';
import type { Runtime } from '@chasqui/kit';
import type { Engines, MessageLocator, PeerLink, TokenVerifier } from '@chasqui/ports';
import type { KickPolicy } from './admission/kick-policy.ts';
import type { ConnectMetrics } from './connect-metrics.ts';

/** The engines that a Connect node uses. */
export interface ConnectEngines
  extends Pick<
    Engines,
    | 'bus'
    | 'presence'
    | 'nodes'
    | 'dedupHints'
    | 'conversations'
    | 'conversationStates'
    | 'reactions'
    | 'groups'
    | 'groupNodes'
    | 'logs'
    | 'messages'
    | 'offlineCache'
    | 'profiles'
    | 'contacts'
    | 'blocks'
    | 'revocations'
    | 'devices'
    | 'serverEvents'
    | 'webhooks'
    | 'attachments'
  > {
  /** Absent: the store is never moved. */
  movable?: Pick<Engines['movable'], 'note'>;
  /** Tells the newest id that was issued before this process. Absent: not known. */
  locator?: Pick<MessageLocator, 'newest'>;
}

/** Settings by which an operator decides for all users. */
export interface ConnectPolicies {
  /** Which of a user's other devices a log-in ends. */
  kickPolicy: KickPolicy;
  blockedSenders: BlockedSenderPolicy;
}

/** The parts of a Connect node, except its sockets. */
export interface ConnectNodeOptions {
  runtime: Runtime<ConnectMetrics>;
  engines: ConnectEngines;
  /** Sends deliveries to the other nodes. */
  peers: PeerLink;
  verifier: TokenVerifier;
  policies: ConnectPolicies;
  /**
   * The address at which clients and peers reach this node. It is called after the servers listen, as their ports may
   * be free ones.
   */
  address: () => Pick<NodeInfo, 'wsUrl' | 'peerAddress'>;
}
