import { useEffect, useState } from 'react';
import type { Chat } from '../live/chat.ts';
import { useMessenger } from './use-messenger.ts';
import { usePageActive } from './use-page-active.ts';
import { useStore } from './use-store.ts';

/**
 * Marks a conversation read while its end is on the screen and the page is active. Returns how many messages have
 * arrived below the visible part.
 */
export function useReading(chat: Chat, atEnd: boolean): number {
  const { conversations } = useMessenger();
  const row = useStore(conversations).byId.get(chat.conversationId);
  const messages = useStore(chat);
  const active = usePageActive();
  const last = messages.findLast(({ mine }) => !mine);
  const [seen, setSeen] = useState('');

  useEffect(() => {
    if (atEnd && last !== undefined) setSeen(last.sortKey);
  }, [atEnd, last]);

  useEffect(() => {
    // A provisional message may change its id or be retracted: it is marked read only once it is stored.
    const stored = messages.findLast(({ mine, provisional }) => !mine && !provisional)?.messageId ?? '';
    if (atEnd && active && stored !== '' && row !== undefined) conversations.markRead(chat.conversationId, stored);
  }, [atEnd, active, messages, row, conversations, chat]);

  return atEnd || seen === '' ? 0 : messages.filter(({ mine, sortKey }) => !mine && sortKey > seen).length;
}
