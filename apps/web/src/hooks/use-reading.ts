import { useEffect, useState, useSyncExternalStore } from 'react';
import type { Chat } from '../live/chat.ts';
import { useStore } from '../store.ts';
import { useMessenger } from './use-messenger.ts';

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

/** Whether the user is looking: the page is visible and its window has the focus. */
function usePageActive(): boolean {
  return useSyncExternalStore(subscribe, () => !document.hidden && document.hasFocus());
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('focus', listener);
  window.addEventListener('blur', listener);
  document.addEventListener('visibilitychange', listener);
  return () => {
    window.removeEventListener('focus', listener);
    window.removeEventListener('blur', listener);
    document.removeEventListener('visibilitychange', listener);
  };
}
