import type {
  BlockList,
  DeliveryRouter,
  EventPublisher,
  GroupAccess,
  LogReader,
  PresenceVisibility,
  ReadOnlyMode,
  SessionCutOffs,
} from '@chasqui/core';
import type { HybridClock } from '@chasqui/domain';
import type { Runtime } from '@chasqui/kit';
import type { ConversationStateStore, GroupStore, Presence, TokenVerifier } from '@chasqui/ports';
import type { Admission } from './admission/admission.ts';
import type { GroupRates } from './admission/group-rates.ts';
import type { KickPolicy } from './admission/kick-policy.ts';
import type { WorkBudgets } from './admission/work-budgets.ts';
import type { ConnectMetrics } from './connect-metrics.ts';
import type { OfflineReporter } from './deliver/offline-reporter.ts';
import type { PushWatch } from './deliver/push-watch.ts';
import type { GroupSessions } from './groups/group-sessions.ts';
import type { PresenceRegistrar } from './presence/presence-registrar.ts';
import type { ConversationKinds } from './send/conversation-kind.ts';
import type { IdClock } from './send/id-clock.ts';
import type { MessageSender } from './send/message-sender.ts';
import type { ServerSender } from './send/server-sender.ts';
import type { DeviceNotes } from './sessions/device-notes.ts';
import type { SessionRegistry } from './sessions/session-registry.ts';
import type { SessionReviews } from './sessions/session-reviews.ts';

/** Parts that decide who may connect, and how much they may ask for. */
interface AdmissionParts {
  readonly verifier: TokenVerifier;
  readonly cutOffs: SessionCutOffs;
  readonly reviews: SessionReviews;
  readonly readOnly: ReadOnlyMode;
  readonly work: WorkBudgets;
  readonly admission: Admission;
  readonly kickPolicy: KickPolicy;
}

/** Parts that handle messages from clients. */
interface SendParts {
  readonly ids: HybridClock;
  readonly idClock: IdClock;
  readonly publisher: EventPublisher;
  readonly kinds: ConversationKinds;
  readonly sender: MessageSender;
  readonly serverSender: ServerSender;
  readonly blocks: BlockList;
}

/** Parts that deliver to clients. */
interface DeliveryParts {
  readonly sessions: SessionRegistry;
  readonly router: DeliveryRouter;
  readonly logReader: LogReader;
  readonly states: Pick<ConversationStateStore, 'hiddenAmong'>;
  readonly watch: PushWatch;
  readonly offline: OfflineReporter;
}

/** Parts that handle groups. */
interface GroupParts {
  readonly groupStore: GroupStore;
  readonly groupAccess: GroupAccess;
  /** Slows the reactions of a hot group. */
  readonly groupReactions: Pick<GroupRates, 'waitMs'>;
  /** Which sessions get what of groups. */
  readonly groups: GroupSessions;
}

/** Parts that handle presence and its visibility. */
interface PresenceParts {
  readonly presence: Presence;
  readonly registrar: PresenceRegistrar;
  readonly presenceVisibility: PresenceVisibility;
  readonly deviceNotes: DeviceNotes;
}

/** What the handlers and senders of one Connect node share. */
export interface NodeContext
  extends Runtime<ConnectMetrics>,
    AdmissionParts,
    SendParts,
    DeliveryParts,
    GroupParts,
    PresenceParts {
  /** True once the node takes nothing new (C14). */
  readonly draining: boolean;
}
