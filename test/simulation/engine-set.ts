import type { MemoryBus } from '@chasqui/memory';
import type {
  BlockStore,
  ContactStore,
  ConversationStore,
  DedupHints,
  DeviceStore,
  MessageLocator,
  MessageStore,
  NodeRegistry,
  OfflineCache,
  Presence,
  ProfileStore,
  RevocationStore,
  SearchIndex,
  UnreadCache,
  UpdateLog,
} from '@chasqui/ports';

/** What runs on the machines. */
export interface EngineSet {
  bus: MemoryBus;
  presence: Presence;
  registry: NodeRegistry;
  dedup: DedupHints;
  unreadCache: UnreadCache;
  offlineCache: OfflineCache;
  conversations: ConversationStore;
  logs: UpdateLog;
  messages: MessageStore;
  locator: MessageLocator;
  search: SearchIndex;
  profiles: ProfileStore;
  contacts: ContactStore;
  blocks: BlockStore;
  revocations: RevocationStore;
  devices: DeviceStore;
}

/** Puts something of its own in place of some engines: how the checker is shown broken parts. */
export type Sabotage = (engines: EngineSet) => Partial<EngineSet>;
