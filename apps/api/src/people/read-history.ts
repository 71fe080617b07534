import {
  type ConversationId,
  defined,
  type Interval,
  type MessageId,
  maySee,
  type StoredMessage,
  SYSTEM_USER,
  type UserId,
} from '@chasqui/domain';
import type { MessageStore } from '@chasqui/ports';
import { pageOf } from '../http/paging.ts';

/**
 * How many pages of the store are read for one page of the answer. A page with many messages that the user may not see
 * is shorter.
 */
const MAX_READS = 8;

export interface HistoryPage {
  messages: StoredMessage[];
  /** Where the next page starts; absent: this is the last one. */
  nextBefore?: MessageId;
}

export interface HistoryScope {
  conversationId: ConversationId;
  before?: MessageId;
  clearedUpTo: MessageId | '';
  limit: number;
}

/** A user's page of a direct conversation, newest first, without messages that the user may not see or has cleared. */
export async function readHistory(
  store: Pick<MessageStore, 'page'>,
  userId: UserId,
  { conversationId, before, clearedUpTo, limit }: HistoryScope,
): Promise<HistoryPage> {
  const messages: StoredMessage[] = [];
  let place = before;
  for (let reads = 0; reads < MAX_READS; reads++) {
    const found = await store.page(conversationId, {
      ...defined({ before: place }),
      limit: limit + 1,
    });
    for (const message of found) {
      if (message.messageId <= clearedUpTo) return { messages };
      if (userId !== SYSTEM_USER && !maySee(message, userId)) continue;
      const last = messages.at(-1);
      if (messages.length === limit && last !== undefined) return { messages, nextBefore: last.messageId };
      messages.push(message);
    }
    place = found.at(-1)?.messageId;
    if (found.length <= limit || place === undefined) return { messages };
  }
  return { messages, ...defined({ nextBefore: place }) };
}

/**
 * A page of a group, newest first, of what these intervals have (C20) and the user has not cleared. One read for each interval, so that what lies
 * between them costs nothing.
 */
export async function readGroupHistory(
  store: Pick<MessageStore, 'page'>,
  intervals: readonly Interval[],
  { conversationId, before, clearedUpTo, limit }: HistoryScope,
): Promise<HistoryPage> {
  const messages: StoredMessage[] = [];
  for (const { afterId, upToId } of intervals.toReversed()) {
    const places = [before, upToId === undefined ? undefined : nextId(upToId)].filter((place) => place !== undefined);
    const [place] = places.sort();
    const above = afterId > clearedUpTo ? afterId : clearedUpTo;
    if (place !== undefined && place <= above) continue;
    const found = await store.page(conversationId, {
      ...defined({ before: place }),
      limit: limit + 1 - messages.length,
    });
    messages.push(...found.filter(({ messageId }) => messageId > above));
    if (messages.length > limit) break;
  }
  const { items, last } = pageOf(messages, limit);
  return { messages: items, ...defined({ nextBefore: last?.messageId }) };
}

/** The id after this one; ids are 24 hexadecimal digits. Empty: it is before the first. */
export function nextId(id: MessageId | ''): MessageId | '' {
  return id === '' ? '' : (BigInt(`0x${id}`) + 1n).toString(16).padStart(id.length, '0');
}
