import { groupEvents, memberEvents, type RoutedDelivery } from '@chasqui/core';
import { type ConversationId, type GroupEvent, groupLog, inboxOf, type UserId } from '@chasqui/domain';
import { RecentMap } from '@chasqui/kit';
import type { AppliedChange } from '@chasqui/ports';
import type { BatchFeed } from '../announce/batch-feed.ts';
import { toLog } from '../announce/to-log.ts';
import type { BusinessContext, Received } from '../business-context.ts';
import type { EventHandler } from './event-handler.ts';

/** How long nodes may take to learn of a change, in ms. Who asked for the change waits longer, if need be (C20). */
const TOLD_WITHIN_MS = 1_000;

/** How many changes are remembered as announced, twice. */
const MAX_TOLD = 1_000;

/**
 * Applies changes of groups in the order of their shards, so that each message before and after a change is judged by
 * the members and roles of its time (C18). Who asked for a change reads its outcome from the store.
 */
export class GroupHandler implements EventHandler<'group'> {
  readonly #context: BusinessContext;
  /** Changes that this process has announced: while a batch is retried, nobody is told of them again and again. */
  readonly #told = new RecentMap<string, true>(MAX_TOLD);

  constructor(context: BusinessContext) {
    this.#context = context;
  }

  async handle(received: readonly Received<GroupEvent>[], feed: BatchFeed): Promise<void> {
    const { groups, limits, router } = this.#context;
    const frames: RoutedDelivery[] = [];
    const changed: Promise<void>[] = [];
    const names: string[] = [];
    for (const { event, redelivered } of received) {
      const { conversationId, by, changeId } = event.change;
      const name = `${conversationId} ${by} ${changeId}`;
      const { outcome, ...applied } = await groups.apply(event.change, limits);
      // A crash, or a failure later in the batch, may have preceded the announcement of a change that is repeated.
      if (outcome.result !== 'applied' || (applied.isRepeat && !redelivered)) continue;
      const { users } = outcome;
      feed.events.add('group.changed', () => groupEvents(event.change));
      feed.events.add('membership.changed', () => memberEvents(event.change, users));
      if (applied.isRepeat && this.#told.get(name) === true) continue;
      names.push(name);
      changed.push(this.#tellNodes(conversationId, outcome.users));
      frames.push(...framesOf(applied, { conversationId, by, users: outcome.users }));
    }
    // Nodes know who is in a group before they get a frame for it (C20).
    await Promise.all(changed);
    await router.route(frames);
    for (const name of names) this.#told.set(name, true);
  }

  async #tellNodes(group: ConversationId, users: readonly UserId[]): Promise<void> {
    const { memberships, logger } = this.#context;
    try {
      await memberships.tell(group, users, TOLD_WITHIN_MS);
    } catch (error) {
      logger.warn({ err: error, group }, 'not every node knows yet that the members of a group changed');
    }
  }
}

/** If the change is repeated, the places of its updates are not known any more, and devices must sync. */
function framesOf(
  { notice, told, isRepeat }: Omit<AppliedChange, 'outcome'>,
  { conversationId, by, users }: { conversationId: ConversationId; by: UserId; users: readonly UserId[] },
): RoutedDelivery[] {
  const log = groupLog(conversationId);
  if (isRepeat) return [log, ...users.map(inboxOf)].map((one) => toLog(one, by, { type: 'sync_needed' }));
  return [
    ...(notice === null ? [] : [toLog(log, by, notice)]),
    ...told.map(({ userId, entry }) => toLog(inboxOf(userId), by, entry)),
  ];
}
