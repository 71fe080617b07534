import type { NodeInfo, Timer, UserId } from '@chasqui/domain';
import { seldom } from '@chasqui/kit';
import type { Delivery, GatewayHandlers, SendOutcome, ServerMessage } from '@chasqui/ports';
import type { ConnectEngines, ConnectNodeOptions, ConnectPolicies } from './connect-node-options.ts';
import { createNodeContext } from './create-node-context.ts';
import { deliverLocally } from './deliver/local-deliveries.ts';
import { FrameDispatcher } from './frame-dispatcher.ts';
import type { NodeContext } from './node-context.ts';
import { PresenceWatch } from './presence/presence-watch.ts';
import { PresenceWithdrawals } from './presence/presence-withdrawals.ts';
import type { Session } from './sessions/session.ts';

export type { ConnectEngines, ConnectNodeOptions, ConnectPolicies };

/** How often silent connections, expired tokens and unacked pushes are looked for. */
const SWEEP_MS = 1_000;
/** Minimum time between two log lines about failed deliveries, in ms. */
const FAULT_LOG_MS = 1_000;

/** One Connect node without its sockets: a gateway calls `handlers`, a peer server calls `deliver`. */
export class ConnectNode implements AsyncDisposable {
  readonly handlers: GatewayHandlers;
  readonly #options: ConnectNodeOptions;
  readonly #context: NodeContext;
  readonly #presenceWatch: PresenceWatch;
  readonly #withdrawals: PresenceWithdrawals;
  readonly #dispatcher: FrameDispatcher;
  readonly #startedAt: number;
  readonly #undeliverable: (session: Session, error: unknown) => void;
  #draining = false;
  #sweep: Timer | null = null;

  constructor(options: ConnectNodeOptions, http: GatewayHandlers['http']) {
    const { clock, logger } = options.runtime;
    this.#options = options;
    this.#startedAt = clock.now();
    this.#undeliverable = seldom(clock, FAULT_LOG_MS, (times, { sessionId, subprotocol }: Session, err: unknown) =>
      logger.warn({ err, sessionId, subprotocol, times }, 'a frame could not be encoded for a session'),
    );
    this.#context = createNodeContext(options, {
      isDraining: () => this.#draining,
      describe: () => this.describe(),
      deliver: (deliveries) => this.deliver(deliveries),
      undeliverable: this.#undeliverable,
    });
    this.#presenceWatch = new PresenceWatch(this.#context);
    const { presenceVisibility: visibility, sessions, limits } = this.#context;
    this.#withdrawals = new PresenceWithdrawals({ visibility, sessions, clock, limits });
    this.#dispatcher = new FrameDispatcher(this.#context, (session) => this.#closed(session.userId));
    this.handlers = { ...this.#dispatcher.handlers, http };
  }

  /** Announces the node and starts its periodic work. */
  async start(): Promise<void> {
    const { locator, nodes } = this.#options.engines;
    await this.#context.idClock.catchUp(locator, nodes);
    await this.#context.registrar.start();
    this.#presenceWatch.start();
    this.#withdrawals.start();
    this.#scheduleSweep();
  }

  describe(): NodeInfo {
    const { nodeId, sessions, ids, draining } = this.#context;
    const startedAt = this.#startedAt;
    return {
      nodeId,
      ...this.#options.address(),
      connections: sessions.size,
      draining,
      startedAt,
      lastId: ids.latest(),
    };
  }

  /** Takes deliveries from peers and Business for this node's sockets. */
  deliver(deliveries: readonly Delivery[]): number[] {
    const { metrics, tracing, sessions, groups, watch, serverSender, ids, blocks } = this.#context;
    const pushed = (count: number) => metrics.pushed(count);
    const relationsChanged = (userId: UserId) => {
      blocks.outdate(userId);
      this.#withdrawals.changed(userId);
    };
    return deliverLocally(
      { sessions, groups, watch, serverSender, ids, tracing, pushed, relationsChanged, failed: this.#undeliverable },
      deliveries,
    );
  }

  /** Sends messages of the server API. Never rejects. */
  send(messages: readonly ServerMessage[]): Promise<SendOutcome[]> {
    return this.#context.serverSender.send(messages);
  }

  /** What keeps the node from working; shown by its readiness. */
  notReady(): string[] {
    const missing: string[] = [];
    if (this.#draining) missing.push('draining');
    return missing;
  }

  /** What operators should know about a node that works. */
  degraded(): string[] {
    return this.#context.idClock.degraded();
  }

  gauges(): { sessions: number; unacked: number; waiting: number; groupSends: number; clockAheadMs: number } {
    const { sessions, watch, publisher, groups, ids } = this.#context;
    return {
      sessions: sessions.size,
      unacked: watch.size,
      waiting: publisher.waiting,
      groupSends: groups.waiting,
      clockAheadMs: ids.aheadMs(),
    };
  }

  /**
   * Drains (C14): takes nothing new, finishes accepted work, tells clients to reconnect elsewhere, and reports messages
   * that they did not ack. The caller has stopped listening before, and closes gateway and engines afterwards.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#draining) return;
    this.#draining = true;
    this.#sweep?.cancel();
    await this.#presenceWatch[Symbol.asyncDispose]();
    await this.#withdrawals[Symbol.asyncDispose]();
    const { clock, limits, sender, serverSender, publisher, sessions, groups, offline, watch, registrar } =
      this.#context;
    let isAllReported = false;
    const idle = async () => {
      // The order matters: accepted messages reach the publisher only after their dedup hints are claimed.
      await sender.idle();
      await publisher.idle();
      serverSender.stop();
      const told = [...sessions.all()];
      for (const session of told) session.close('node_draining');
      await offline.report(watch.all());
      // Messages whose report the bus did not take are watched again.
      if (watch.size > 0) return;
      await Promise.all([groups.stop(), ...told.map((session) => registrar.unregister(session))]);
      isAllReported = true;
    };
    let timer: Timer | undefined;
    const late = new Promise<void>((resolve) => {
      timer = clock.after(limits.drainDeadlineMs, resolve);
    });
    await Promise.race([idle(), late]);
    timer?.cancel();
    // A node that could not report its unacked messages is treated as dead: Business finds them in the inboxes.
    if (isAllReported) await registrar[Symbol.asyncDispose]();
    else registrar.abandon();
  }

  /** A session ended. If it was the user's last one here, their unacked messages are handled as offline (C9). */
  #closed(userId: string): void {
    const { draining, sessions, watch, offline } = this.#context;
    if (draining || sessions.of(userId).length > 0) return;
    const unacked = watch.closed(userId);
    if (unacked.length > 0) void offline.report(unacked);
  }

  #scheduleSweep(): void {
    if (this.#draining) return;
    const { clock, watch, offline, idClock, groups, readOnly } = this.#context;
    this.#sweep = clock.after(SWEEP_MS, () => {
      // Scheduled first, so that a fault in this round does not prevent the next one.
      this.#scheduleSweep();
      const unacked = watch.due();
      if (unacked.length > 0) void offline.report(unacked);
      this.#dispatcher.sweep();
      groups.sweep();
      void readOnly.refresh();
      idClock.tell();
    });
  }
}
