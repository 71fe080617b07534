import { DeliveryRouter, EventPublisher, NodeDirectory } from '@chasqui/core';
import type { Clock } from '@chasqui/domain';
import { BUSINESS_GROUP, CONVERSATION_TOPIC, type Limits } from '@chasqui/domain';
import type { Logger, Tracing } from '@chasqui/kit';
import type {
  BusConsumer,
  InboxStore,
  MessageBus,
  MessageStore,
  NodeRegistry,
  OfflineCache,
  PeerLink,
  Presence,
  SessionStore,
  UnreadCache,
} from '@chasqui/ports';
import type { BusinessMetrics } from './business-metrics.ts';
import { RecalledBodies } from './caches/recalled-bodies.ts';
import { UnreadSetter } from './caches/unread-setter.ts';
import { ConversationEventConsumer } from './conversation-event-consumer.ts';
import { InboxTrimmer } from './inbox-trimmer.ts';
import { DeadNodeRecovery } from './recovery/dead-node-recovery.ts';
import { ReachedUsers } from './recovery/reached-users.ts';
import { CommitTimes } from './trace/commit-times.ts';

export interface BusinessOptions {
  nodeId: string;
  clock: Clock;
  limits: Limits;
  logger: Logger;
  metrics: BusinessMetrics;
  bus: MessageBus;
  sessions: SessionStore;
  inboxes: InboxStore;
  messages: MessageStore;
  unreadCache: UnreadCache;
  offlineCache: OfflineCache;
  presence: Presence;
  registry: NodeRegistry;
  peers: PeerLink;
  /** How long inbox entries are kept, in ms. */
  inboxRetentionMs: number;
  /** Absent: off. */
  tracing?: Tracing | undefined;
}

/** One Business process without its engines: consumes conversation events from the start until it is disposed. */
export class Business implements AsyncDisposable {
  readonly #consumer: BusConsumer;
  readonly #events: ConversationEventConsumer;
  readonly #recovery: DeadNodeRecovery;
  readonly #trimmer: InboxTrimmer;
  readonly #publisher: EventPublisher;
  readonly #unread: UnreadSetter;
  readonly #recalled: RecalledBodies;

  constructor(options: BusinessOptions) {
    const { bus, clock, limits, logger, presence, registry, peers, inboxes, inboxRetentionMs } = options;
    const publisher = new EventPublisher({ bus, clock, limits });
    const directory = new NodeDirectory({ registry, clock });
    const router = new DeliveryRouter({ presence, directory, peers, logger });
    const unread = new UnreadSetter(options);
    const recalled = new RecalledBodies(options);
    const waitMs = limits.ackTimeoutMs + limits.nodeLeaseMs + 2 * limits.nodeRenewMs;
    const reached = new ReachedUsers({ clock, waitMs });
    this.#events = new ConversationEventConsumer(
      { ...options, publisher, router, unread, recalled, reached, commits: new CommitTimes() },
      bus,
    );
    this.#unread = unread;
    this.#recalled = recalled;
    this.#publisher = publisher;
    this.#recovery = new DeadNodeRecovery({ ...options, publisher, reached, waitMs });
    this.#trimmer = new InboxTrimmer({ clock, inboxes, logger, retentionMs: inboxRetentionMs });
    this.#consumer = bus.consume({
      topic: CONVERSATION_TOPIC,
      group: BUSINESS_GROUP,
      handle: async (batch) => {
        await this.#recovery.begun();
        await this.#events.handle(batch);
      },
    });
    this.#recovery.start();
    this.#trimmer.start();
  }

  /** Shards that have work here and do not move, in words. */
  stalled(): string[] {
    return this.#events.stalled();
  }

  /** Finishes the batches at hand, hands back the rest (C14). */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([
      this.#consumer[Symbol.asyncDispose](),
      this.#recovery[Symbol.asyncDispose](),
      this.#trimmer[Symbol.asyncDispose](),
    ]);
    await Promise.all([
      this.#publisher.idle(),
      this.#unread[Symbol.asyncDispose](),
      this.#recalled[Symbol.asyncDispose](),
    ]);
  }
}
