import { isStoredUserId, type MessageId, type UserId } from '@chasqui/domain';
import { useSyncExternalStore } from 'react';

/** Where the reader is: the list, or a conversation, perhaps at a message that was searched for. */
export interface Route {
  /** The moments, instead of a conversation. */
  moments?: boolean;
  peer?: UserId;
  messageId?: MessageId;
}

/** No user's id. */
const MOMENTS = '~moments';

/** Opens a conversation: `#/bob`, or `#/bob/0192…` at a message; or the moments: `#/~moments`. The browser's back button leads back. */
export function goTo({ moments, peer, messageId }: Route): void {
  const parts = [peer, messageId].filter((part) => part !== undefined).map(encodeURIComponent);
  location.hash = moments ? `/${MOMENTS}` : `/${parts.join('/')}`;
}

export function useRoute(): Route {
  return parse(useSyncExternalStore(subscribe, () => location.hash));
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}

function parse(hash: string): Route {
  const [peer = '', messageId = ''] = hash.slice(2).split('/').map(decoded);
  if (peer === MOMENTS) return { moments: true };
  if (!isStoredUserId(peer)) return {};
  return /^[0-9a-f]{24}$/.test(messageId) ? { peer, messageId } : { peer };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}
