import type { DeliveryRouter, EventPublisher, ReceivedEvent } from '@chasqui/core';
import type { Clock, Limits } from '@chasqui/domain';
import type { Logger, Tracing } from '@chasqui/kit';
import type { InboxStore, MessageStore, OfflineCache, SessionStore } from '@chasqui/ports';
import type { BusinessMetrics } from './business-metrics.ts';
import type { RecalledBodies } from './caches/recalled-bodies.ts';
import type { UnreadSetter } from './caches/unread-setter.ts';
import type { ReachedUsers } from './recovery/reached-users.ts';
import type { CommitTimes } from './trace/commit-times.ts';

/** What the handlers of one Business process share. */
export interface BusinessContext {
  /** Names this process in traces. */
  readonly nodeId: string;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly logger: Logger;
  readonly metrics: BusinessMetrics;
  readonly publisher: EventPublisher;
  readonly router: DeliveryRouter;
  readonly sessions: SessionStore;
  readonly inboxes: InboxStore;
  readonly messages: MessageStore;
  readonly unread: UnreadSetter;
  readonly offlineCache: OfflineCache;
  readonly recalled: RecalledBodies;
  readonly reached: ReachedUsers;
  readonly commits: CommitTimes;
  /** Absent: off. */
  readonly tracing?: Tracing | undefined;
}

/** An event together with whether it may have been handled before (see `BusDelivery.redelivered`). */
export type Received<Event> = Pick<ReceivedEvent<Event>, 'event' | 'redelivered' | 'retries' | 'publishedAt'>;
