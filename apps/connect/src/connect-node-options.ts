import type { BlockedSenderPolicy, Clock, Limits, NodeInfo, Random } from '@chasqui/domain';
import type { Logger, Tracing } from '@chasqui/kit';
import type {
  BlockStore,
  ContactStore,
  DedupHints,
  DeviceStore,
  InboxStore,
  MessageBus,
  MessageLocator,
  MessageStore,
  NodeRegistry,
  OfflineCache,
  PeerLink,
  Presence,
  ProfileStore,
  RevocationStore,
  TokenVerifier,
} from '@chasqui/ports';
import type { KickPolicy } from './admission/kick-policy.ts';
import type { ConnectMetrics } from './connect-metrics.ts';

/** What a Connect node is made of, but for its sockets. */
export interface ConnectNodeOptions {
  nodeId: string;
  /** Where clients and peers reach this node: asked for after its servers listen, as ports may be free ones. */
  address: () => Pick<NodeInfo, 'wsUrl' | 'peerAddress'>;
  clock: Clock;
  random: Random;
  limits: Limits;
  logger: Logger;
  metrics: ConnectMetrics;
  bus: MessageBus;
  presence: Presence;
  registry: NodeRegistry;
  dedup: DedupHints;
  inboxes: InboxStore;
  messages: MessageStore;
  /** Says which id was the last before this process. Absent: nobody does. */
  locator?: Pick<MessageLocator, 'newest'>;
  offlineCache: OfflineCache;
  profiles: ProfileStore;
  contacts: ContactStore;
  blocks: BlockStore;
  revocations: RevocationStore;
  devices: DeviceStore;
  peers: PeerLink;
  verifier: TokenVerifier;
  /** Absent: off. */
  tracing?: Tracing | undefined;
  /** Default: `none`. */
  kickPolicy?: KickPolicy;
  /** Default: `refuse`. */
  blockedSenders?: BlockedSenderPolicy;
}
