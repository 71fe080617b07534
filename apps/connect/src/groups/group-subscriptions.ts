import { type Clock, type ConversationId, ImError } from '@chasqui/domain';
import { Batcher, type Logger } from '@chasqui/kit';
import type { GroupNodes } from '@chasqui/ports';

/** Groups in one call. */
const BATCH = 500;
/** Calls for groups that may wait (C16). Beyond it, a group is subscribed by a later sweep. */
const MAX_WAITING = 1_000_000;
/** Time after which a subscription is renewed, ms: engines keep it for an hour. */
const RENEW_MS = 20 * 60_000;

interface Wish {
  group: ConversationId;
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
  /** Every group that is wanted: monotonic ms of its last subscription; null: it failed. */
  readonly #wanted = new Map<ConversationId, number | null>();

  constructor(options: GroupSubscriptionsOptions) {
    this.#options = options;
    this.#calls = new Batcher({
      maxItems: BATCH,
      maxWaiting: MAX_WAITING,
      full: () => new ImError('overloaded', 'too many subscriptions to groups wait'),
      run: (wishes) => this.#call(wishes),
    });
  }

  /** Resolves once the groups are subscribed, or could not be for now. Never rejects. */
  async add(groups: readonly ConversationId[]): Promise<void> {
    await Promise.all(groups.map((group) => this.#subscribe(group)));
  }

  /** Resolves once the group is unsubscribed, or could not be: its entry then ends by itself. Never rejects. */
  async remove(group: ConversationId): Promise<void> {
    this.#wanted.delete(group);
    try {
      await this.#calls.add({ group, wanted: false });
    } catch (error) {
      this.#options.logger.debug({ err: error, group }, 'a group could not be unsubscribed');
    }
  }

  async removeAll(): Promise<void> {
    await Promise.all([...this.#wanted.keys()].map((group) => this.remove(group)));
  }

  /** Subscribes again where that failed, or was long ago. */
  sweep(): void {
    const now = this.#options.clock.monotonic();
    if (this.#calls.waiting > 0) return;
    for (const [group, at] of this.#wanted) {
      if (at !== null && now - at < RENEW_MS) continue;
      void this.#subscribe(group).then(() => {
        if (at === null && this.#wanted.get(group) != null) this.#options.late(group);
      });
    }
  }

  /** The engine was emptied: subscribes to all groups again. */
  async again(): Promise<void> {
    await this.add([...this.#wanted.keys()]);
  }

  async #subscribe(group: ConversationId): Promise<void> {
    const { clock, logger } = this.#options;
    const now = clock.monotonic();
    this.#wanted.set(group, now);
    try {
      await this.#calls.add({ group, wanted: true });
    } catch (error) {
      if (this.#wanted.get(group) === now) this.#wanted.set(group, null);
      logger.debug({ err: error, group }, 'a group could not be subscribed: trying again');
    }
  }

  async #call(wishes: readonly Wish[]): Promise<undefined[]> {
    const { groupNodes, nodeId } = this.#options;
    // The last wish of each group is what counts.
    const last = new Map(wishes.map(({ group, wanted }) => [group, wanted]));
    const groups = (wanted: boolean) => [...last].flatMap(([group, is]) => (is === wanted ? [group] : []));
    const [added, removed] = [groups(true), groups(false)];
    if (added.length > 0) await groupNodes.subscribe(nodeId, added);
    if (removed.length > 0) await groupNodes.unsubscribe(nodeId, removed);
    return wishes.map(() => undefined);
  }
}
