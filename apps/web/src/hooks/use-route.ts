import { type ConversationId, defined, isGroupId, type MessageId, type UserId } from '@chasqui/domain';
import { useSyncExternalStore } from 'react';
import { linkedConversation, linkedGroup } from '../model/direct.ts';

/** The current screen: the list, or a conversation, perhaps at a message that was searched for. */
export interface Route {
  /** The moments screen, instead of a conversation. */
  moments?: boolean;
  /** The screen of an invitation to a group, instead of a conversation. */
  linkId?: string;
  conversationId?: ConversationId;
  messageId?: MessageId;
}

/** None of these is a direct conversation's id, nor a user's. */
const MOMENTS = '~moments';
const GROUP = '~group';
const JOIN = '~join';

/**
 * Opens a conversation: `#/ann~bob`, `#/~group/team`, or `#/ann~bob/0192…` at a message; or the moments: `#/~moments`.
 * The browser's back button works.
 */
export function goTo({ moments, conversationId, messageId }: Route): void {
  const isGroup = conversationId !== undefined && isGroupId(conversationId);
  const parts = [...(isGroup ? [GROUP] : []), conversationId, messageId]
    .filter((part) => part !== undefined)
    .map(encodeURIComponent);
  location.hash = moments ? `/${MOMENTS}` : `/${parts.join('/')}`;
}

/** The address of this page at an invitation. */
export function addressOfLink(linkId: string): string {
  return `${location.origin}${location.pathname}#/${JOIN}/${linkId}`;
}

export function useRoute(me: UserId): Route {
  return parse(
    useSyncExternalStore(subscribe, () => location.hash),
    me,
  );
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}

function parse(hash: string, me: UserId): Route {
  const [first = '', ...rest] = hash.slice(2).split('/').map(decoded);
  if (first === MOMENTS) return { moments: true };
  if (first === JOIN) return defined({ linkId: rest[0] });
  const [linked = '', messageId = ''] = first === GROUP ? rest : [first, ...rest];
  const conversationId = first === GROUP ? linkedGroup(linked) : linkedConversation(linked, me);
  if (conversationId === undefined) return {};
  return /^[0-9a-f]{24}$/.test(messageId) ? { conversationId, messageId } : { conversationId };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}
