import { readState } from '@chasqui/core';
import { overallStatus, recipientOf, type StoredMessage } from '@chasqui/domain';
import type { SearchHit } from '@chasqui/ports';
import type { ApiContext } from '../context.ts';

/**
 * The index does not have reads: the message store and the addressees' marks do. While these cannot be read, hits have
 * their indexed status.
 */
export async function withStatus(context: ApiContext, hits: readonly SearchHit[]) {
  const found = await context.messages.get(hits).catch((error): (StoredMessage | null)[] => {
    context.logger.warn({ err: error }, 'messages cannot be read: hits of a search are shown as they are indexed');
    return [];
  });
  const messages = await readState(
    context,
    found.filter((message) => message !== null),
  );
  const byId = new Map(messages.map((message) => [message.messageId, message]));
  // The index may not have the recall of a message yet.
  const kept = hits.filter(({ messageId }) => byId.get(messageId)?.recalledAt === undefined);
  return kept.map((hit) => hitBody(hit, byId.get(hit.messageId)));
}

function hitBody({ exact: _, ...hit }: SearchHit, message: StoredMessage | undefined) {
  const status = message === undefined ? hit.status : overallStatus(message);
  return { ...hit, ...recipientOf(hit), status };
}
