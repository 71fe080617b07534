import {
  BoundedMap,
  type Clock,
  type DevicePresence,
  ImError,
  type Limits,
  type NodeInfo,
  type Timer,
} from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { NodeRegistry, Presence, Registered } from '@chasqui/ports';
import type { GroupSessions } from '../groups/group-sessions.ts';
import type { Session } from '../sessions/session.ts';
import type { SessionRegistry } from '../sessions/session-registry.ts';
import type { PresenceEvents } from './presence-events.ts';

/** How many sessions are registered in parallel after the registry lost this node. */
const REGISTER_CHUNK = 200;
/**
 * How many ended sessions are remembered until presence has removed them. Beyond it, the oldest stay registered until
 * this node ends.
 */
const MAX_LEFT_BEHIND = 100_000;

export interface PresenceRegistrarOptions {
  presence: Presence;
  registry: NodeRegistry;
  sessions: SessionRegistry;
  clock: Clock;
  limits: Limits;
  logger: Logger;
  /** The node's current announcement. */
  describe(): NodeInfo;
  groups: Pick<GroupSessions, 'leaveAll' | 'subscribeAgain' | 'enterAgain'>;
  events: PresenceEvents;
}

/**
 * Keeps this node's lease and its users' presence. If the registry lost the node (it was emptied, or the node was
 * frozen beyond its lease), every session is registered again and told to sync, as it may have missed updates.
 */
export class PresenceRegistrar implements AsyncDisposable {
  readonly #options: PresenceRegistrarOptions;
  /** By device: the registration that the next one waits for. At most as many as there are log-ins in flight. */
  readonly #turns = new Map<string, Promise<unknown>>();
  #timer: Timer | null = null;
  #stopped = false;
  /** Monotonic ms at which the last renewal that has ended began, also one that failed. */
  #renewedAt: number;
  /** A session could not be registered; the next renewal retries. */
  #owing = false;
  /**
   * By session: entries of ended sessions that could not be removed. While this node lives, they would count as online.
   */
  readonly #leftBehind = new BoundedMap<string, DevicePresence>(MAX_LEFT_BEHIND);

  constructor(options: PresenceRegistrarOptions) {
    this.#options = options;
    this.#renewedAt = options.clock.monotonic();
  }

  /**
   * No renewal for a whole lease: the process stood still. Others may have passed this node over as dead, with changes of
   * members too.
   */
  get isLate(): boolean {
    const { clock, limits } = this.#options;
    return clock.monotonic() - this.#renewedAt > limits.nodeLeaseMs;
  }

  /** Announces the node. If the registry is away, it still resolves, and the announcement is retried. */
  async start(): Promise<void> {
    const { registry, limits, describe, logger } = this.#options;
    await registry.renew(describe(), limits.nodeLeaseMs).catch((error) => {
      this.#owing = true;
      logger.warn({ err: error }, 'the node registry is unavailable: registering this node later');
    });
    this.#schedule();
  }

  /**
   * Registers a login, after earlier ones of the same device. Null if presence is away (the session stays, and is
   * registered when presence returns) or if the session is over by then.
   */
  async register(session: Session): Promise<Registered | null> {
    try {
      const registered = await this.#inTurn(session);
      const isFirst = registered?.others.length === 0 && (registered.replaced ?? registered.newer) === null;
      if (isFirst) this.#options.events.came(session);
      return registered;
    } catch (error) {
      this.#owing = true;
      this.#options.logger.warn({ err: ImError.from(error, 'presence_unavailable') }, 'presence is unavailable');
      return null;
    }
  }

  /** Of two log-ins of one device, presence gets the later one last, however slow the first is. */
  async #inTurn(session: Session): Promise<Registered | null> {
    const device = `${session.userId} ${session.deviceId}`;
    const register = async () => (session.isOver ? null : this.#options.presence.register(this.#entry(session)));
    const turn = (this.#turns.get(device) ?? Promise.resolve()).then(register, register);
    this.#turns.set(device, turn);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(device) === turn) this.#turns.delete(device);
    }
  }

  async unregister(session: Session): Promise<void> {
    await this.#remove(this.#entry(session));
  }

  /** Stops renewing and lets the lease expire. */
  abandon(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.abandon();
    await this.#options.registry.remove(this.#options.describe().nodeId).catch(() => {});
  }

  #schedule(): void {
    if (this.#stopped) return;
    this.#timer = this.#options.clock.after(this.#options.limits.nodeRenewMs, () => void this.#renew());
  }

  async #renew(): Promise<void> {
    const { registry, limits, describe, logger, clock, groups } = this.#options;
    const began = clock.monotonic();
    try {
      const known = await registry.renew(describe(), limits.nodeLeaseMs);
      const registersAll = !known || this.#owing;
      // Changes of members may have passed this node by: nobody gets anything of a group until they are read (C20).
      if (registersAll) groups.leaveAll();
      this.#renewedAt = began;
      // Whatever fails from here on sets it again.
      this.#owing = false;
      if (registersAll) await this.#registerAll();
      await this.#removeLeftBehind();
    } catch (error) {
      this.#owing = true;
      this.#renewedAt = began;
      logger.warn({ err: error }, 'the lease could not be renewed');
    }
    this.#schedule();
  }

  async #registerAll(): Promise<void> {
    // Before the sessions sync: what is sent to their groups from then on comes live. Groups without sessions are kept
    // subscribed for devices that come back.
    await this.#options.groups.subscribeAgain();
    const sessions = [...this.#options.sessions.all()];
    if (sessions.length === 0) return;
    this.#options.logger.info({ sessions: sessions.length }, 'registering every session again');
    for (let start = 0; start < sessions.length; start += REGISTER_CHUNK) {
      await Promise.all(
        sessions.slice(start, start + REGISTER_CHUNK).map(async (session) => {
          const registered = await this.#inTurn(session);
          if (registered?.newer) session.close('presence_unavailable');
          else if (session.state === 'open') session.send({ type: 'sync_needed' });
          else await this.unregister(session);
        }),
      );
    }
    // Behind presence, so that no change of members passes both by.
    this.#options.groups.enterAgain();
  }

  /** A failed removal is retried at the next renewal. */
  async #remove(entry: DevicePresence): Promise<void> {
    try {
      const isRemoved = await this.#options.presence.unregister(entry);
      if (isRemoved) this.#options.events.went(entry);
      this.#leftBehind.delete(entry.sessionId);
    } catch (error) {
      this.#leftBehind.set(entry.sessionId, entry);
      this.#options.logger.debug({ err: error }, 'presence is unavailable: an entry is removed later');
    }
  }

  async #removeLeftBehind(): Promise<void> {
    const entries = [...this.#leftBehind.values()];
    for (let start = 0; start < entries.length; start += REGISTER_CHUNK) {
      await Promise.all(entries.slice(start, start + REGISTER_CHUNK).map((entry) => this.#remove(entry)));
    }
  }

  #entry({ userId, deviceId, sessionId, platform, since }: Session): DevicePresence {
    return { userId, deviceId, sessionId, platform, since, nodeId: this.#options.describe().nodeId };
  }
}
