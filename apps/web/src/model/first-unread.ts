import type { ChatMessage } from '@chasqui/client';

type Placed = Pick<ChatMessage, 'mine' | 'sortKey'>;

/**
 * The message above which the line *unread* is drawn: the first of others behind the mark that the user had when they
 * opened the conversation. Once the user answers behind it, there is none. What they wrote before it, on whatever
 * device, does not matter.
 */
export function firstUnread<T extends Placed>(messages: readonly T[], readUpTo: string | undefined): T | undefined {
  if (readUpTo === undefined) return undefined;
  const first = messages.find(({ mine, sortKey }) => !mine && sortKey > readUpTo);
  if (first === undefined) return undefined;
  return messages.some(({ mine, sortKey }) => mine && sortKey > first.sortKey) ? undefined : first;
}
