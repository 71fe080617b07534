import { type MessageStatus, type StoredMessage, statusRank } from '@chasqui/domain';
import type { SearchDocument } from '@chasqui/ports';

/** A recall outranks every status. */
const RECALLED_RANK = 10;

/** The version of what is indexed of a message at a status. */
export function versionOf(status: MessageStatus): number {
  return 1 + statusRank(status);
}

/**
 * What is indexed of a message. Its version follows from its state alone, so repeats and reorderings do no harm. A
 * silenced one is its sender's alone: in the index it is from and to the sender, so that nobody else can find it.
 */
export function searchDocument(message: StoredMessage): SearchDocument {
  const { messageId, conversationId, from, to, sentAt, status, recalledAt, content } = message;
  const recalled = recalledAt !== undefined;
  return {
    messageId,
    conversationId,
    from,
    to: message.silenced ? from : to,
    sentAt,
    status,
    text: recalled ? '' : (content.text ?? ''),
    version: versionOf(status) + (recalled ? RECALLED_RANK : 0),
  };
}
