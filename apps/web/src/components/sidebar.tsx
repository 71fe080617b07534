import type { ConversationId } from '@chasqui/domain';
import { useRef } from 'react';
import { useMessenger } from '../hooks/use-messenger.ts';
import { goTo } from '../hooks/use-route.ts';
import { texts } from '../i18n/index.ts';
import { useStore } from '../store.ts';
import { Avatar } from './avatar.tsx';
import { ConnectionLine } from './connection.tsx';
import { ConversationRows } from './conversation-rows.tsx';
import { Icon } from './icon.tsx';
import { NewConversation } from './new-conversation.tsx';
import { PeopleDialog } from './people/people-dialog.tsx';
import { SearchField, type SearchQuery } from './search-field.tsx';
import { SearchResults } from './search-results.tsx';
import { Settings } from './settings.tsx';

export interface SidebarProps {
  open: ConversationId | undefined;
  query: SearchQuery;
  setQuery: (query: SearchQuery) => void;
  signOut: () => void;
}

/** The signed-in user, the search field, and the conversations or the search results. */
export function Sidebar({ open, query, setQuery, signOut }: SidebarProps) {
  const { me, moments, waiting } = useMessenger();
  const { requests, moments: fresh } = useStore(waiting);
  const news = useStore(moments).news + fresh;
  const newConversation = useRef<HTMLDialogElement>(null);
  const people = useRef<HTMLDialogElement>(null);
  const settings = useRef<HTMLDialogElement>(null);
  const searches = query.text.trim() !== '';
  return (
    <nav className="sidebar" aria-label={texts.conversations}>
      <header className="bar">
        <Avatar id={me} />
        <div className="bar-title">
          <h1 data-testid="me">{me}</h1>
          <ConnectionLine />
        </div>
        <button
          type="button"
          className="icon-button"
          aria-label={requests === 0 ? texts.people.people : texts.people.waiting(requests)}
          title={texts.people.people}
          onClick={() => people.current?.showModal()}
          data-testid="people"
          data-news={requests}
        >
          <Icon name="people" />
        </button>
        <button
          type="button"
          className="icon-button"
          aria-label={news === 0 ? texts.moments.title : texts.moments.news(news)}
          title={texts.moments.title}
          onClick={() => goTo({ moments: true })}
          data-testid="moments"
          data-news={news}
        >
          <Icon name="moments" />
        </button>
        <button
          type="button"
          className="icon-button"
          aria-label={texts.newConversation}
          title={texts.newConversation}
          onClick={() => newConversation.current?.showModal()}
          data-testid="new-conversation"
        >
          <Icon name="plus" />
        </button>
        <button
          type="button"
          className="icon-button"
          aria-label={texts.settings}
          title={texts.settings}
          onClick={() => settings.current?.showModal()}
          data-testid="settings"
        >
          <Icon name="settings" />
        </button>
      </header>
      <SearchField query={query} setQuery={setQuery} />
      {searches ? <SearchResults query={query} /> : <ConversationRows open={open} />}
      <NewConversation dialog={newConversation} />
      <PeopleDialog dialog={people} />
      <Settings dialog={settings} signOut={signOut} />
    </nav>
  );
}
