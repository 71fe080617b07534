import {
  DeliveryRouter,
  EventPublisher,
  MembershipNotices,
  NodeDirectory,
  type RecentMessages,
  type ShardTroubles,
  WantedEvents,
} from '@chasqui/core';
import { BUSINESS_GROUP, CONVERSATION_TOPIC } from '@chasqui/domain';
import type { Runtime } from '@chasqui/kit';
import type { BusConsumer, PeerLink } from '@chasqui/ports';
import { GroupNews } from './announce/group-news.ts';
import type { BusinessEngines } from './business-context.ts';
import type { BusinessMetrics } from './business-metrics.ts';
import { RecalledBodies } from './caches/recalled-bodies.ts';
import { UnreadSetter } from './caches/unread-setter.ts';
import { ConversationEventConsumer } from './conversation-event-consumer.ts';
import { LogTrimmer } from './log-trimmer.ts';
import { DeadNodeRecovery } from './recovery/dead-node-recovery.ts';
import { ReachedUsers } from './recovery/reached-users.ts';
import { type RetentionByKind, RetentionSweeper } from './retention-sweeper.ts';
import { CommitTimes } from './trace/commit-times.ts';

export interface BusinessOptions {
  runtime: Runtime<BusinessMetrics>;
  engines: BusinessEngines;
  /** Delivers to the Connect nodes that hold the sockets. */
  peers: PeerLink;
  /** How long log entries are kept, in ms. */
  inboxRetentionMs: number;
  /** How long messages are kept. Default: for ever. */
  retention?: RetentionByKind;
  /** How many earlier versions an edited message keeps, for audits. Default: 0. */
  keptVersions?: number;
  /** For a DataSync of the same process. */
  lately?: RecentMessages | undefined;
}

/** One Business process without its engines. Consumes conversation events until it is disposed. */
export class Business implements AsyncDisposable {
  readonly #consumer: BusConsumer;
  readonly #events: ConversationEventConsumer;
  readonly #recovery: DeadNodeRecovery;
  readonly #trimmer: LogTrimmer;
  readonly #sweeper: RetentionSweeper;
  readonly #publisher: EventPublisher;
  readonly #unread: UnreadSetter;
  readonly #recalled: RecalledBodies;
  readonly #groupNews: GroupNews;

  constructor({
    runtime,
    engines,
    peers,
    inboxRetentionMs,
    retention = {},
    keptVersions = 0,
    lately,
  }: BusinessOptions) {
    const { clock, limits, logger } = runtime;
    const { bus, presence, nodes: registry, groupNodes, logs } = engines;
    const shared = { ...runtime, ...engines, keptVersions };
    const publisher = new EventPublisher({ bus, clock, limits });
    const directory = new NodeDirectory({ registry, clock });
    const router = new DeliveryRouter({ presence, groupNodes, directory, peers, logger });
    const memberships = new MembershipNotices({ groupNodes, presence, directory, peers, clock });
    const waitMs = limits.ackTimeoutMs + limits.nodeLeaseMs + 2 * limits.nodeRenewMs;
    const reached = new ReachedUsers({ clock, waitMs });
    this.#publisher = publisher;
    this.#unread = new UnreadSetter(shared);
    this.#recalled = new RecalledBodies(shared);
    this.#groupNews = new GroupNews({ router, clock, limits });
    const [unread, recalled, commits] = [this.#unread, this.#recalled, new CommitTimes()];
    const groupNews = this.#groupNews;
    const wanted = new WantedEvents(shared);
    this.#events = new ConversationEventConsumer(
      { ...shared, publisher, router, groupNews, memberships, unread, recalled, reached, commits, wanted, lately },
      bus,
    );
    this.#recovery = new DeadNodeRecovery({ ...shared, registry, publisher, reached, wanted, waitMs });
    this.#trimmer = new LogTrimmer({ clock, logs, logger, retentionMs: inboxRetentionMs });
    this.#sweeper = new RetentionSweeper({ ...shared, publisher, retention });
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
    this.#sweeper.start();
  }

  /** See `EventConsumer.troubles`. */
  troubles(): ShardTroubles {
    return this.#events.troubles();
  }

  /** See `RetentionSweeper.sweptAt`. */
  sweptAt(): number {
    return this.#sweeper.sweptAt();
  }

  /** Finishes the batches in progress and returns the rest to the bus (C14). */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([
      this.#consumer[Symbol.asyncDispose](),
      this.#recovery[Symbol.asyncDispose](),
      this.#trimmer[Symbol.asyncDispose](),
      this.#sweeper[Symbol.asyncDispose](),
    ]);
    await Promise.all([
      this.#groupNews[Symbol.asyncDispose](),
      this.#publisher.idle(),
      this.#unread[Symbol.asyncDispose](),
      this.#recalled[Symbol.asyncDispose](),
    ]);
  }
}
