import type {
  BlockList,
  DeliveryRouter,
  EventPublisher,
  InboxReader,
  PresenceVisibility,
  SessionCutOffs,
} from '@chasqui/core';
import type { Clock, HybridClock, Limits, Random } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { DedupHints, Presence, TokenVerifier } from '@chasqui/ports';
import type { Admission } from './admission/admission.ts';
import type { KickPolicy } from './admission/kick-policy.ts';
import type { WorkBudgets } from './admission/work-budgets.ts';
import type { ConnectMetrics } from './connect-metrics.ts';
import type { OfflineReporter } from './deliver/offline-reporter.ts';
import type { PushWatch } from './deliver/push-watch.ts';
import type { PresenceRegistrar } from './presence/presence-registrar.ts';
import type { MessageSenders } from './send/message-senders.ts';
import type { DeviceNotes } from './sessions/device-notes.ts';
import type { SessionRegistry } from './sessions/session-registry.ts';
import type { SessionReviews } from './sessions/session-reviews.ts';

/** What the handlers and senders of one Connect node share. */
export interface NodeContext {
  readonly nodeId: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly limits: Limits;
  readonly logger: Logger;
  readonly metrics: ConnectMetrics;
  readonly ids: HybridClock;
  readonly publisher: EventPublisher;
  readonly work: WorkBudgets;
  readonly admission: Admission;
  readonly router: DeliveryRouter;
  readonly inbox: InboxReader;
  readonly presence: Presence;
  readonly registrar: PresenceRegistrar;
  readonly dedup: DedupHints;
  readonly verifier: TokenVerifier;
  readonly cutOffs: SessionCutOffs;
  readonly reviews: SessionReviews;
  readonly blocks: BlockList;
  readonly presenceVisibility: PresenceVisibility;
  readonly deviceNotes: DeviceNotes;
  readonly kickPolicy: KickPolicy;
  readonly sessions: SessionRegistry;
  readonly watch: PushWatch;
  readonly offline: OfflineReporter;
  readonly senders: MessageSenders;
  /** True once the node takes nothing new (C14). */
  readonly draining: boolean;
}
