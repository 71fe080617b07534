import type { ApiKeyStore } from './api-key-store.ts';
import type { AttachmentStore } from './attachment-store.ts';
import type { AuditLog } from './audit-log.ts';
import type { DedupHints, OfflineCache, RateLimits, UnreadCache } from './caches.ts';
import type { BlockStore, ContactStore } from './contact-store.ts';
import type { ConversationStateStore } from './conversation-state-store.ts';
import type { ConversationStore } from './conversation-store.ts';
import type { DeviceStore } from './device-store.ts';
import type { ErasureStore } from './erasure-store.ts';
import type { GroupNodes } from './group-nodes.ts';
import type { GroupStore } from './group-store.ts';
import type { HoldStore } from './hold-store.ts';
import type { LoginStore } from './login-store.ts';
import type { MessageBus } from './message-bus.ts';
import type { MessageLocator, MessageStore } from './message-store.ts';
import type { MomentPictures } from './moment-pictures.ts';
import type { MomentReplies } from './moment-replies.ts';
import type { MomentStore } from './moment-store.ts';
import type { MovableStore } from './movable-store.ts';
import type { NodeRegistry } from './node-registry.ts';
import type { Presence } from './presence.ts';
import type { ProfileStore } from './profile-store.ts';
import type { PushOutcomes } from './push-outcomes.ts';
import type { ReactionStore } from './reaction-store.ts';
import type { RevocationStore } from './revocation-store.ts';
import type { SearchIndex } from './search-index.ts';
import type { ServerEventStore } from './server-event-store.ts';
import type { ProgressWitness, StoreProgress } from './store-progress.ts';
import type { SweepStore } from './sweep-store.ts';
import type { UpdateLog } from './update-log.ts';
import type { UserStore } from './user-store.ts';
import type { WebhookStore } from './webhook-store.ts';

/** One engine for each role, for an app to use. The code that opened them disposes them, after the apps. */
export interface Engines {
  bus: MessageBus;
  conversations: ConversationStore;
  groups: GroupStore;
  conversationStates: ConversationStateStore;
  reactions: ReactionStore;
  logs: UpdateLog;
  messages: MessageStore;
  locator: MessageLocator;
  search: SearchIndex;
  users: UserStore;
  profiles: ProfileStore;
  contacts: ContactStore;
  blocks: BlockStore;
  moments: MomentStore;
  momentReplies: MomentReplies;
  momentPictures: MomentPictures;
  attachments: AttachmentStore;
  movable: MovableStore;
  devices: DeviceStore;
  revocations: RevocationStore;
  logins: LoginStore;
  apiKeys: ApiKeyStore;
  auditLog: AuditLog;
  erasures: ErasureStore;
  holds: HoldStore;
  sweeps: SweepStore;
  pushOutcomes: PushOutcomes;
  serverEvents: ServerEventStore;
  webhooks: WebhookStore;
  presence: Presence;
  nodes: NodeRegistry;
  groupNodes: GroupNodes;
  unreadCache: UnreadCache;
  dedupHints: DedupHints;
  rateLimits: RateLimits;
  /** Absent if reading waiting messages from the message store costs no more. */
  offlineCache?: OfflineCache;
  /** Absent if the store itself detects that it went back in time. */
  storeProgress?: StoreProgress;
  /** Absent if presence does not outlive the store. */
  progressWitness?: ProgressWitness;
}
