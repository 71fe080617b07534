import { inboxOf, isGroupId, type MessageStatus, overallStatus, type StoredMessage, statusRank } from '@chasqui/domain';
import type { SearchDocument } from '@chasqui/ports';

/** Number of versions within one revision: greater than the number of statuses. */
const VERSIONS_PER_REVISION = 10;

/** The version of a message's indexed document at a status. Any action outranks every status. */
export function versionOf(status: MessageStatus, revision = 0): number {
  return VERSIONS_PER_REVISION * revision + 1 + statusRank(status);
}

/**
 * The document that is indexed for a message. Its version follows from the message's state alone, so repeats and
 * reordering do no harm. Reads are not indexed: the search route applies the read marks to the status of each hit.
 */
export function searchDocument(message: StoredMessage): SearchDocument {
  const { messageId, conversationId, from, audience, sentAt, recalledAt, content, revision } = message;
  const status = overallStatus(message);
  return {
    messageId,
    conversationId,
    from,
    sentAt,
    status,
    logs: isGroupId(conversationId) ? audience : [...new Set([inboxOf(from), ...audience])],
    text: recalledAt === undefined ? (content.text ?? '') : '',
    version: versionOf(status, revision),
  };
}
