import type { MessageId } from '@chasqui/domain';
import { useEffect, useSyncExternalStore } from 'react';
import type { Chat } from '../live/chat.ts';
import { type Quote, quoteOf } from '../model/quote.ts';
import { useStore } from '../store.ts';

/** What is shown of a message that another one answers: as it is in the list, or as the server told. Undefined: not known yet. */
export function useQuote(chat: Chat, messageId: MessageId): Quote | undefined {
  const message = useSyncExternalStore(chat.subscribe, () => chat.find(messageId));
  useStore(chat.quotes);
  const told = chat.quotes.of(messageId);
  const isKnown = message !== undefined || told !== undefined;
  useEffect(() => {
    if (!isKnown) void chat.quotes.ask(messageId);
  }, [chat, messageId, isKnown]);
  return message === undefined ? told : quoteOf(message);
}
