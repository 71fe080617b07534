import { emptiesPreview, holdsOn, type LegalHold, type MessageAction, type StoredMessage } from '@chasqui/domain';
import type { HoldStore } from '@chasqui/ports';

/** The legal holds, if one of these actions removes content. Errors: `store_unavailable`. */
export async function holdsFor(
  holds: Pick<HoldStore, 'list'>,
  actions: readonly Pick<MessageAction, 'action'>[],
): Promise<LegalHold[]> {
  return actions.some(emptiesPreview) ? holds.list() : [];
}

/**
 * Keeps the content of a message that an action is about to remove, for the holds that cover it. Before the action, so
 * that no crash can lose it. Errors: `store_unavailable`.
 */
export async function keepIfHeld(
  store: Pick<HoldStore, 'keep'>,
  holds: readonly LegalHold[],
  message: StoredMessage,
  action: Pick<MessageAction, 'action' | 'at'>,
): Promise<void> {
  if (message.recalledAt !== undefined || !emptiesPreview(action)) return;
  const { messageId, conversationId, from, sentAt, content } = message;
  const copies = holdsOn(holds, message).map(({ holdId }) => ({
    ...{ holdId, messageId, conversationId, from, sentAt, content, deletedAt: action.at },
  }));
  if (copies.length > 0) await store.keep(copies);
}
