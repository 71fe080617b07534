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
    | 'logs'
    | 'messages'
    | 'offlineCache'
    | 'profiles'
    | 'contacts'
    | 'blocks'
    | 'revocations'
    | 'devices'
  > {
  /** Says which id was the last before this process. Absent: nobody does. */
  locator?: Pick<MessageLocator, 'newest'>;
}

/** What an operator decides for all users. */
export interface ConnectPolicies {
  /** Which of a user's other devices a log-in ends. */
  kickPolicy: KickPolicy;
  blockedSenders: BlockedSenderPolicy;
}

/** What a Connect node is made of, but for its sockets. */
export interface ConnectNodeOptions {
  runtime: Runtime<ConnectMetrics>;
  engines: ConnectEngines;
  /** Reaches the other nodes. */
  peers: PeerLink;
  verifier: TokenVerifier;
  policies: ConnectPolicies;
  /** Where clients and peers reach this node: asked for after its servers listen, as ports may be free ones. */
  address: () => Pick<NodeInfo, 'wsUrl' | 'peerAddress'>;
}
