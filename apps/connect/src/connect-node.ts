import {
  BlockList,
  DeliveryRouter,
  EventPublisher,
  InboxReader,
  NodeDirectory,
  PresenceVisibility,
  SessionCutOffs,
} from '@chasqui/core';
import { HybridClock, type NodeInfo, type Timer, type UserId } from '@chasqui/domain';
import { seldom } from '@chasqui/kit';
import type { Delivery, GatewayHandlers } from '@chasqui/ports';
import { Admission } from './admission/admission.ts';
import { WorkBudgets } from './admission/work-budgets.ts';
import type { ConnectNodeOptions } from './connect-node-options.ts';
import { deliverLocally } from './deliver/local-deliveries.ts';
import { OfflineReporter } from './deliver/offline-reporter.ts';
import { PushWatch } from './deliver/push-watch.ts';
import { FrameDispatcher } from './frame-dispatcher.ts';
import type { NodeContext } from './node-context.ts';
import { PresenceRegistrar } from './presence/presence-registrar.ts';
import { PresenceWatch } from './presence/presence-watch.ts';
import { PresenceWithdrawals } from './presence/presence-withdrawals.ts';
import { DirectSender } from './send/direct-sender.ts';
import { IdClock } from './send/id-clock.ts';
import type { MessageSenders } from './send/message-senders.ts';
import { DeviceNotes } from './sessions/device-notes.ts';
import type { Session } from './sessions/session.ts';
import { SessionRegistry } from './sessions/session-registry.ts';
import { SessionReviews } from './sessions/session-reviews.ts';

export type { ConnectNodeOptions };

/** How often silence, expired tokens and unacked pushes are looked for. */
const SWEEP_MS = 1_000;
/** Deliveries that fail are logged this often at most, ms. */
const FAULT_LOG_MS = 1_000;

/** One Connect node without its sockets: a gateway feeds `handlers`, a peer server `deliver`. */
export class ConnectNode implements AsyncDisposable {
  readonly handlers: GatewayHandlers;
  readonly #options: ConnectNodeOptions;
  readonly #sessions = new SessionRegistry();
  readonly #watch: PushWatch;
  readonly #offline: OfflineReporter;
  readonly #publisher: EventPublisher;
  readonly #registrar: PresenceRegistrar;
  readonly #presenceWatch: PresenceWatch;
  readonly #blocks: BlockList;
  readonly #presenceVisibility: PresenceVisibility;
  readonly #withdrawals: PresenceWithdrawals;
  readonly #dispatcher: FrameDispatcher;
  readonly #ids: HybridClock;
  readonly #idClock: IdClock;
  readonly #senders: MessageSenders;
  readonly #startedAt: number;
  readonly #undeliverable: (session: Session, error: unknown) => void;
  #draining = false;
  #sweep: Timer | null = null;

  constructor(options: ConnectNodeOptions, http: GatewayHandlers['http']) {
    const { nodeId, clock, random, limits, logger, bus, presence, registry } = options;
    this.#options = options;
    this.#startedAt = clock.now();
    this.#undeliverable = seldom(clock, FAULT_LOG_MS, (times, { sessionId, subprotocol }: Session, err: unknown) =>
      logger.warn({ err, sessionId, subprotocol, times }, 'a frame could not be written for a session'),
    );
    this.#ids = new HybridClock({ now: () => clock.now(), tag: Math.floor(random() * 2 ** 32) });
    this.#idClock = new IdClock({ ids: this.#ids, limits, logger });
    this.#watch = new PushWatch({
      ...{ clock, ackTimeoutMs: limits.ackTimeoutMs },
      ...{ maxUnacked: limits.maxUnackedPushes, maxUnackedPerUser: limits.maxUnackedPushesPerUser },
    });
    this.#publisher = new EventPublisher({ bus, clock, limits });
    this.#offline = new OfflineReporter({ nodeId, clock, publisher: this.#publisher, watch: this.#watch, logger });
    const sessions = this.#sessions;
    this.#registrar = new PresenceRegistrar({
      ...{ presence, registry, sessions, clock, limits, logger },
      describe: () => this.describe(),
    });
    this.#presenceWatch = new PresenceWatch({ presence, sessions, clock, limits, logger });
    const { profiles, contacts, blocks } = options;
    this.#blocks = new BlockList({ blocks, clock, logger });
    this.#presenceVisibility = new PresenceVisibility({ profiles, contacts, blocks, clock, logger });
    this.#withdrawals = new PresenceWithdrawals({ visibility: this.#presenceVisibility, sessions, clock, limits });
    const context = this.#context();
    this.#senders = context.senders;
    this.#dispatcher = new FrameDispatcher(context, (session) => this.#closed(session.userId));
    this.handlers = { ...this.#dispatcher.handlers, http };
  }

  /** Announces the node and begins its rounds. */
  async start(): Promise<void> {
    const { locator, registry } = this.#options;
    await this.#idClock.catchUp(locator, registry);
    await this.#registrar.start();
    this.#presenceWatch.start();
    this.#withdrawals.start();
    this.#scheduleSweep();
  }

  describe(): NodeInfo {
    const { nodeId, address } = this.#options;
    const connections = this.#sessions.size;
    const { draining, startedAt } = { draining: this.#draining, startedAt: this.#startedAt };
    return { nodeId, ...address(), connections, draining, startedAt, lastId: this.#ids.latest() };
  }

  /** What peers and Business deliver to this node's sockets. */
  deliver(deliveries: readonly Delivery[]): number[] {
    const { metrics, tracing } = this.#options;
    const pushed = (count: number) => metrics.pushed(count);
    const relationsChanged = (userId: UserId) => {
      this.#blocks.outdate(userId);
      this.#withdrawals.changed(userId);
    };
    return deliverLocally(
      {
        ...{ sessions: this.#sessions, watch: this.#watch, ids: this.#ids, tracing },
        ...{ pushed, relationsChanged, failed: this.#undeliverable },
      },
      deliveries,
    );
  }

  /** What keeps the node from doing its work; for its readiness. */
  notReady(): string[] {
    const missing: string[] = [];
    if (this.#draining) missing.push('draining');
    return missing;
  }

  /** What operators should know of a node that does its work. */
  degraded(): string[] {
    return this.#idClock.degraded();
  }

  gauges(): { sessions: number; unacked: number; waiting: number; clockAheadMs: number } {
    const clockAheadMs = this.#ids.aheadMs();
    return { sessions: this.#sessions.size, unacked: this.#watch.size, waiting: this.#publisher.waiting, clockAheadMs };
  }

  /**
   * Drains (C14): takes nothing new, finishes what is accepted, tells clients to reconnect elsewhere, reports what they
   * did not ack. The caller has stopped listening before and closes gateway and engines after.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#draining) return;
    this.#draining = true;
    this.#sweep?.cancel();
    await this.#presenceWatch[Symbol.asyncDispose]();
    await this.#withdrawals[Symbol.asyncDispose]();
    const { clock, limits } = this.#options;
    let isAllReported = false;
    const idle = async () => {
      // In this order: what is accepted goes to the publisher only after its dedup hint is claimed.
      await Promise.all(Object.values(this.#senders).map((sender) => sender.idle()));
      await this.#publisher.idle();
      const sessions = [...this.#sessions.all()];
      for (const session of sessions) session.close('node_draining');
      await this.#offline.report(this.#watch.all());
      // What the bus did not take is watched again.
      if (this.#watch.size > 0) return;
      await Promise.all(sessions.map((session) => this.#registrar.unregister(session)));
      isAllReported = true;
    };
    let timer: Timer | undefined;
    const late = new Promise<void>((resolve) => {
      timer = clock.after(limits.drainDeadlineMs, resolve);
    });
    await Promise.race([idle(), late]);
    timer?.cancel();
    // A node that could not say what nobody acked goes like a dead one: Business finds it out from the inboxes.
    if (isAllReported) await this.#registrar[Symbol.asyncDispose]();
    else this.#registrar.abandon();
  }

  #context(): NodeContext {
    const { nodeId, clock, random, limits, logger, metrics, presence, registry, dedup, verifier, peers } =
      this.#options;
    const node = this;
    const directory = new NodeDirectory({ registry, clock, onRead: (nodes) => this.#idClock.follow(nodes) });
    const local = { nodeId, deliver: (deliveries: readonly Delivery[]) => this.deliver(deliveries) };
    const router = new DeliveryRouter({ presence, directory, peers, local, logger });
    const [ids, publisher, offline] = [this.#ids, this.#publisher, this.#offline];
    const [watch, registrar] = [this.#watch, this.#registrar];
    const { inboxes, messages, offlineCache, kickPolicy = 'none', blockedSenders = 'refuse' } = this.#options;
    const { revocations, devices } = this.#options;
    const cutOffs = new SessionCutOffs({ revocations, clock, logger });
    const work = new WorkBudgets({ clock, limits });
    const admission = new Admission({ clock, publisher, limits, work });
    return {
      nodeId,
      clock,
      random,
      limits,
      logger,
      metrics,
      ids,
      publisher,
      work,
      admission,
      router,
      inbox: new InboxReader({
        inboxes,
        messages,
        cache: offlineCache,
        maxPageBytes: limits.maxSyncPageBytes,
        logger,
      }),
      presence,
      registrar,
      dedup,
      verifier,
      cutOffs,
      reviews: new SessionReviews({ cutOffs, clock }),
      blocks: this.#blocks,
      presenceVisibility: this.#presenceVisibility,
      deviceNotes: new DeviceNotes({ devices, clock, logger }),
      kickPolicy,
      sessions: this.#sessions,
      watch,
      offline,
      senders: {
        c2c: new DirectSender({
          nodeId,
          clock,
          limits,
          ids,
          publisher,
          admission,
          router,
          dedup,
          blocks: this.#blocks,
          blockedSenders,
          offline,
          metrics,
          logger,
          tracing: this.#options.tracing,
        }),
      },
      get draining() {
        return node.#draining;
      },
    };
  }

  /** A session ended: if it was the user's last one here, what nobody acked is handled as offline (C9). */
  #closed(userId: string): void {
    if (this.#draining || this.#sessions.of(userId).length > 0) return;
    const unacked = this.#watch.closed(userId);
    if (unacked.length > 0) void this.#offline.report(unacked);
  }

  #scheduleSweep(): void {
    if (this.#draining) return;
    this.#sweep = this.#options.clock.after(SWEEP_MS, () => {
      // First: whatever this round meets, there is a next one.
      this.#scheduleSweep();
      const unacked = this.#watch.due();
      if (unacked.length > 0) void this.#offline.report(unacked);
      this.#dispatcher.sweep();
      this.#idClock.tell();
    });
  }
}
