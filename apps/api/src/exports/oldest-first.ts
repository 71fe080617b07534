import { type ConversationId, defined, type MessageId, type StoredMessage } from '@chasqui/domain';
import type { MessageStore } from '@chasqui/ports';
import { nextId } from '../people/read-history.ts';

const PAGE = 500;

/**
 * The messages of a conversation behind `after`, oldest first, without those that come meanwhile. Stores page from the
 * newest, so the places of the pages are found first: an id in memory for each page.
 */
export async function* oldestFirst(
  store: Pick<MessageStore, 'page'>,
  conversationId: ConversationId,
  after: MessageId | undefined,
): AsyncGenerator<StoredMessage[]> {
  const read = (before: MessageId | undefined, limit = PAGE) =>
    store.page(conversationId, { ...defined({ before, after }), limit });
  const [newest] = await read(undefined, 1);
  if (newest === undefined) return;
  const ends: MessageId[] = [];
  for (let end: MessageId | undefined = nextId(newest.messageId); end !== undefined; ) {
    ends.push(end);
    const page: StoredMessage[] = await read(end);
    end = page.length < PAGE ? undefined : page.at(-1)?.messageId;
  }
  for (const end of ends.reverse()) yield (await read(end)).reverse();
}
