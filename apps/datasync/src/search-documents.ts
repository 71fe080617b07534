import { type MessageStatus, overallStatus, ownersOf, type StoredMessage, statusRank } from '@chasqui/domain';
import type { SearchDocument } from '@chasqui/ports';

/** Versions of one revision: more than there are statuses. */
const VERSIONS_PER_REVISION = 10;

/** The version of what is indexed of a message at a status: any action on it outranks every status. */
export function versionOf(status: MessageStatus, revision = 0): number {
  return VERSIONS_PER_REVISION * revision + 1 + statusRank(status);
}

/**
 * What is indexed of a message. Its version follows from its state alone, so repeats and reorderings do no harm. Reads are not
 * indexed: whoever shows a hit applies the read marks to its status.
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
    users: [...new Set([from, ...ownersOf(audience)])],
    text: recalledAt === undefined ? (content.text ?? '') : '',
    version: versionOf(status, revision),
  };
}
