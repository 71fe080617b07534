import type {
  DeliveryRouter,
  EventPublisher,
  MembershipNotices,
  ReceivedEvent,
  RecentMessages,
  WantedEvents,
} from '@chasqui/core';
import type { Runtime } from '@chasqui/kit';
import type { Engines } from '@chasqui/ports';
import type { GroupNews } from './announce/group-news.ts';
import type { BusinessMetrics } from './business-metrics.ts';
import type { RecalledBodies } from './caches/recalled-bodies.ts';
import type { UnreadSetter } from './caches/unread-setter.ts';
import type { ReachedUsers } from './recovery/reached-users.ts';
import type { CommitTimes } from './trace/commit-times.ts';

/** The engines that a Business process uses. */
export type BusinessEngines = Pick<
  Engines,
  | 'bus'
  | 'conversations'
  | 'reactions'
  | 'groups'
  | 'logs'
  | 'messages'
  | 'holds'
  | 'sweeps'
  | 'unreadCache'
  | 'offlineCache'
  | 'presence'
  | 'nodes'
  | 'groupNodes'
  | 'serverEvents'
  | 'webhooks'
>;

/** Shared by the handlers of one Business process: its runtime, its engines, and the parts built from them. */
export interface BusinessContext
  extends Runtime<BusinessMetrics>,
    Readonly<
      Pick<BusinessEngines, 'conversations' | 'reactions' | 'groups' | 'logs' | 'messages' | 'holds' | 'offlineCache'>
    > {
  readonly publisher: EventPublisher;
  readonly router: DeliveryRouter;
  readonly groupNews: GroupNews;
  readonly memberships: MembershipNotices;
  readonly unread: UnreadSetter;
  readonly recalled: RecalledBodies;
  readonly reached: ReachedUsers;
  readonly commits: CommitTimes;
  readonly wanted: WantedEvents;
  /** How many earlier versions an edited message keeps, for audits. */
  readonly keptVersions: number;
  /** Absent: no DataSync is in this process. */
  readonly lately?: RecentMessages | undefined;
}

/** An event, and whether it may have been handled before (see `BusDelivery.redelivered`). */
export type Received<Event> = Pick<ReceivedEvent<Event>, 'event' | 'redelivered' | 'retries' | 'publishedAt'>;
