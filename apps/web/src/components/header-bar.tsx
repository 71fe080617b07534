import type { ReactNode } from 'react';
import { goTo } from '../hooks/use-route.ts';
import { texts } from '../i18n/index.ts';
import type { Chat } from '../live/chat.ts';
import { ConversationMenu } from './conversation-menu.tsx';
import { Icon } from './icon.tsx';

export interface HeaderBarProps {
  chat: Chat;
  /** The conversation's. */
  name: string;
  searchHere: () => void;
  children: ReactNode;
}

/** The bar above a conversation: the way back, and the search in it, and what the user sets in it. */
export function HeaderBar({ chat, name, searchHere, children }: HeaderBarProps) {
  return (
    <header className="bar">
      <BackButton />
      {children}
      <button
        type="button"
        className="icon-button"
        aria-label={texts.searchIn(name)}
        title={texts.searchIn(name)}
        onClick={() => {
          searchHere();
          // On a phone the search field is on the list's screen.
          if (window.matchMedia('(width <= 40rem)').matches) goTo({});
        }}
        data-testid="search-here"
      >
        <Icon name="search" />
      </button>
      <ConversationMenu chat={chat} />
    </header>
  );
}

/** On a phone: back to the list. */
export function BackButton() {
  return (
    <button
      type="button"
      className="icon-button only-phone"
      aria-label={texts.back}
      onClick={() => goTo({})}
      data-testid="back"
    >
      <Icon name="back" />
    </button>
  );
}
