import { addresseesOf, type ReadMark, type StoredMessage, withMarks } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { ConversationStore, EntryKey } from '@chasqui/ports';

export interface ReadStateOptions {
  conversations: Pick<ConversationStore, 'entries'>;
  logger: Logger;
}

/**
 * Applies the addressees' read marks to messages (`withMarks`), with one look-up for all of them. Use it wherever a
 * status is shown or decides something. If the marks cannot be read, the stored statuses are used. Never rejects.
 */
export async function readState(
  options: ReadStateOptions,
  messages: readonly StoredMessage[],
): Promise<readonly StoredMessage[]> {
  const marks = await readMarks(options, messages);
  return messages.map((message) => withMarks(message, marks.get(message.conversationId) ?? []));
}

/** The read marks of the messages' addressees, by conversation. Never rejects: empty if the store is unavailable. */
export async function readMarks(
  { conversations, logger }: ReadStateOptions,
  messages: readonly StoredMessage[],
): Promise<Map<string, ReadMark[]>> {
  const keys = new Map<string, EntryKey>();
  for (const message of messages) {
    const { conversationId } = message;
    for (const userId of addresseesOf(message)) keys.set(`${conversationId} ${userId}`, { conversationId, userId });
  }
  const marks = new Map<string, ReadMark[]>();
  if (keys.size === 0) return marks;
  try {
    for (const entry of await conversations.entries([...keys.values()])) {
      if (entry === null || entry.read.upTo === '') continue;
      const mark = { userId: entry.userId, ...entry.read };
      const known = marks.get(entry.conversationId);
      if (known === undefined) marks.set(entry.conversationId, [mark]);
      else known.push(mark);
    }
  } catch (error) {
    logger.warn({ err: error }, 'read marks cannot be read: messages are shown as they are stored');
  }
  return marks;
}
