import type { MemoryBus } from '@chasqui/memory';
import type {
  AttachmentStore,
  BlockStore,
  ContactStore,
  ConversationStateStore,
  ConversationStore,
  DedupHints,
  DeviceStore,
  GroupNodes,
  GroupStore,
  HoldStore,
  MessageLocator,
  MessageStore,
  NodeRegistry,
  OfflineCache,
  Presence,
  ProfileStore,
  ReactionStore,
  RevocationStore,
  SearchIndex,
  ServerEventStore,
  SweepStore,
  UnreadCache,
  UpdateLog,
  WebhookStore,
} from '@chasqui/ports';

/** The engines that run on the machines. */
export interface EngineSet {
  bus: MemoryBus;
  presence: Presence;
  registry: NodeRegistry;
  groupNodes: GroupNodes;
  dedup: DedupHints;
  unreadCache: UnreadCache;
  offlineCache: OfflineCache;
  conversations: ConversationStore;
  conversationStates: ConversationStateStore;
  groups: GroupStore;
  logs: UpdateLog;
  messages: MessageStore;
  locator: MessageLocator;
  search: SearchIndex;
  profiles: ProfileStore;
  contacts: ContactStore;
  blocks: BlockStore;
  revocations: RevocationStore;
  devices: DeviceStore;
  serverEvents: ServerEventStore;
  webhooks: WebhookStore;
  holds: HoldStore;
  sweeps: SweepStore;
  attachments: AttachmentStore;
  reactions: ReactionStore;
}

/** Replaces some engines with faulty ones, to show that the checker detects them. */
export type Sabotage = (engines: EngineSet) => Partial<EngineSet>;
