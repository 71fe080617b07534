import type { RoutedDelivery } from '@chasqui/core';
import { type GroupEvent, groupLog, inboxOf } from '@chasqui/domain';
import { type AppliedChange, NO_SESSION } from '@chasqui/ports';
import { toLog } from '../announce/to-log.ts';
import type { BusinessContext, Received } from '../business-context.ts';
import type { EventHandler } from './event-handler.ts';

/**
 * Applies changes of groups in the order of their shards, so that each message before and after a change is judged by
 * the members and roles of its time (C18). Who asked for a change reads its outcome from the store.
 */
export class GroupHandler implements EventHandler<'group'> {
  readonly #context: BusinessContext;

  constructor(context: BusinessContext) {
    this.#context = context;
  }

  async handle(received: readonly Received<GroupEvent>[]): Promise<void> {
    const { groups, limits } = this.#context;
    for (const { event, redelivered } of received) {
      const applied = await groups.apply(event.change, limits);
      // A crash may have preceded the announcement of a change that is repeated.
      if (!applied.isRepeat || redelivered) await this.#tell(event, applied);
    }
  }

  async #tell({ change }: GroupEvent, { outcome, notice, told, isRepeat }: AppliedChange): Promise<void> {
    if (outcome.result !== 'applied') return;
    const { conversationId, by } = change;
    const { router } = this.#context;
    // Nodes know who is in the group before they get a frame for it (C20).
    const members: RoutedDelivery = {
      userId: by,
      group: conversationId,
      membersChanged: outcome.users,
      onlySession: NO_SESSION,
      frame: '',
    };
    await router.route([members]);
    const log = groupLog(conversationId);
    if (isRepeat) {
      // The places are not known any more, so devices must sync.
      await router.route([log, ...outcome.users.map(inboxOf)].map((one) => toLog(one, by, { type: 'sync_needed' })));
      return;
    }
    await router.route([
      ...(notice === null ? [] : [toLog(log, by, notice)]),
      ...told.map(({ userId, entry }) => toLog(inboxOf(userId), by, entry)),
    ]);
  }
}
