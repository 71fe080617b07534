import { type Clock, type ConversationId, ImError } from '@chasqui/domain';
import { Batcher, type Logger } from '@chasqui/kit';
import type { GroupNodes } from '@chasqui/ports';

/** Groups in one call of the engine. */
const AT_ONCE = 500;
/** Calls for groups that may wait (C16). Beyond it, their groups are subscribed by a later sweep. */
const MAX_WAITING = 100_000;
/** How many of them are one batch. */
const BATCH = 500;
/** Time after which a subscription is renewed, ms: engines keep it for an hour. */
const RENEW_MS = 20 * 60_000;
/**
 * Time after which the engine is called again for a group that another session enters, ms: it may have lost what it took
 * last, as a replica does that takes over.
 */
const KNOWN_MS = 60_000;

/** How the groups of one call stand: the monotonic ms at which the engine took them, or that it has not. */
interface Subscription {
  since: number | 'pending' | 'failed';
}

interface Wish {
  groups: readonly ConversationId[];
  wanted: boolean;
}

export interface GroupSubscriptionsOptions {
  nodeId: string;
  groupNodes: Pick<GroupNodes, 'subscribe' | 'unsubscribe'>;
  clock: Clock;
  logger: Logger;
  /** The group could not be subscribed for a while: frames may have passed its sessions by. */
  late(group: ConversationId): void;
}

/** This node's subscriptions to groups. What the engine did not take is repeated until it has. Bound: as many as groups. */
export class GroupSubscriptions {
  readonly #options: GroupSubscriptionsOptions;
  readonly #calls: Batcher<Wish, undefined>;
  /** Every group that is wanted, with its last call. */
  readonly #wanted = new Map<ConversationId, Subscription>();

  constructor(options: GroupSubscriptionsOptions) {
    this.#options = options;
    this.#calls = new Batcher({
      maxItems: BATCH,
      maxWaiting: MAX_WAITING,
      full: () => new ImError('overloaded', 'too many subscriptions to groups wait'),
      run: (wishes) => this.#call(wishes),
    });
  }

  /**
   * Resolves once the groups are subscribed, or could not be for now. The engine is not called for those that it has just
   * taken: a log-in finds most of its groups subscribed for other members, or for the device's last session. Never rejects.
   */
  async add(groups: readonly ConversationId[]): Promise<void> {
    const now = this.#options.clock.monotonic();
    await this.#subscribe(
      groups.filter((group) => {
        const since = this.#wanted.get(group)?.since;
        return typeof since !== 'number' || now - since >= KNOWN_MS;
      }),
    );
  }

  /** Resolves once the groups are unsubscribed, or could not be: their entries then end by themselves. Never rejects. */
  async remove(groups: readonly ConversationId[]): Promise<void> {
    if (groups.length === 0) return;
    for (const group of groups) this.#wanted.delete(group);
    try {
      await this.#calls.add({ groups, wanted: false });
    } catch (error) {
      this.#options.logger.debug({ err: error, groups: groups.length }, 'groups could not be unsubscribed');
    }
  }

  async removeAll(): Promise<void> {
    await this.remove([...this.#wanted.keys()]);
  }

  /** Subscribes again where that failed, or was long ago. */
  sweep(): void {
    const now = this.#options.clock.monotonic();
    if (this.#calls.waiting > 0) return;
    const failed: ConversationId[] = [];
    const old: ConversationId[] = [];
    for (const [group, { since }] of this.#wanted) {
      if (since === 'failed') failed.push(group);
      else if (typeof since === 'number' && now - since >= RENEW_MS) old.push(group);
    }
    void this.add(old);
    void this.add(failed).then(() => {
      for (const group of failed) if (typeof this.#wanted.get(group)?.since === 'number') this.#options.late(group);
    });
  }

  /** The engine was emptied: subscribes to all groups again. */
  async again(): Promise<void> {
    await this.#subscribe([...this.#wanted.keys()]);
  }

  async #subscribe(groups: readonly ConversationId[]): Promise<void> {
    if (groups.length === 0) return;
    const { clock, logger } = this.#options;
    const since = clock.monotonic();
    const subscription: Subscription = { since: 'pending' };
    for (const group of groups) this.#wanted.set(group, subscription);
    try {
      await this.#calls.add({ groups, wanted: true });
      subscription.since = since;
    } catch (error) {
      subscription.since = 'failed';
      logger.debug({ err: error, groups: groups.length }, 'groups could not be subscribed: trying again');
    }
  }

  async #call(wishes: readonly Wish[]): Promise<undefined[]> {
    const { groupNodes, nodeId } = this.#options;
    // The last wish for each group is what counts.
    const last = new Map<ConversationId, boolean>();
    for (const { groups, wanted } of wishes) for (const group of groups) last.set(group, wanted);
    const all = [...last.keys()];
    for (let start = 0; start < all.length; start += AT_ONCE) {
      const some = all.slice(start, start + AT_ONCE);
      const [added, removed] = [some.filter((group) => last.get(group)), some.filter((group) => !last.get(group))];
      if (added.length > 0) await groupNodes.subscribe(nodeId, added);
      if (removed.length > 0) await groupNodes.unsubscribe(nodeId, removed);
    }
    return wishes.map(() => undefined);
  }
}
