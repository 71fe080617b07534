import type { ConversationId } from '@chasqui/domain';
import { useEffect, useRef } from 'react';
import { useConversationName } from '../hooks/use-conversation.ts';
import { goTo } from '../hooks/use-route.ts';
import { texts } from '../i18n/index.ts';
import { Icon } from './icon.tsx';

/** A search text, with the conversation to search; absent: all conversations. */
export interface SearchQuery {
  text: string;
  conversationId?: ConversationId;
}

export interface SearchFieldProps {
  query: SearchQuery;
  setQuery: (query: SearchQuery) => void;
}

/** The search input. It shows when a search is limited to one conversation, and lets the user widen it. */
export function SearchField({ query, setQuery }: SearchFieldProps) {
  const { text, conversationId } = query;
  const name = useConversationName(conversationId ?? '');
  const input = useRef<HTMLInputElement>(null);
  const label = conversationId === undefined ? texts.searchAll : texts.searchIn(name);

  useEffect(() => {
    if (conversationId !== undefined) input.current?.focus();
  }, [conversationId]);

  function clear(): void {
    setQuery({ text: '' });
    // On a phone this leads back to the conversation, which the list replaced.
    if (conversationId !== undefined) goTo({ conversationId });
  }

  return (
    <search className="search">
      <Icon name="search" />
      {conversationId !== undefined && (
        <button
          type="button"
          className="chip"
          title={texts.everywhere}
          aria-label={`${name}: ${texts.everywhere}`}
          onClick={() => setQuery({ text })}
          data-testid="search-scope"
        >
          {name}
          <Icon name="close" />
        </button>
      )}
      <input
        ref={input}
        type="search"
        value={text}
        maxLength={200}
        placeholder={texts.search}
        aria-label={label}
        onChange={(event) => setQuery({ ...query, text: event.target.value })}
        onKeyDown={(event) => event.key === 'Escape' && !event.nativeEvent.isComposing && clear()}
        data-testid="search"
      />
      {(text !== '' || conversationId !== undefined) && (
        <button type="button" className="icon-button" aria-label={texts.clearSearch} onClick={clear}>
          <Icon name="close" />
        </button>
      )}
    </search>
  );
}
