import { belongs, isGroupId, type UserId } from '@chasqui/domain';
import { useEffect } from 'react';
import { goTo } from './use-route.ts';

/**
 * Opens the conversation that a notification or an e-mail links to: `?conversation=ann~bob`, `?conversation=team`, or a
 * message of the push worker.
 */
export function useAskedConversation(me: UserId): void {
  useEffect(() => {
    const search = new URLSearchParams(location.search);
    const asked = search.get('conversation');
    if (asked === null) return;
    search.delete('conversation');
    const rest = search.size === 0 ? '' : `?${search}`;
    history.replaceState(null, '', `${location.pathname}${rest}${location.hash}`);
    open(me, asked);
  }, [me]);

  useEffect(() => {
    const worker = navigator.serviceWorker;
    // Undefined on pages without TLS.
    if (worker === undefined) return;
    const listen = ({ data }: MessageEvent<{ open?: unknown }>) => open(me, data.open);
    worker.addEventListener('message', listen);
    worker.startMessages();
    return () => worker.removeEventListener('message', listen);
  }, [me]);
}

/** An id that is no conversation of this user is ignored. */
function open(me: UserId, conversationId: unknown): void {
  if (typeof conversationId !== 'string') return;
  goTo(belongs(conversationId, me) || isGroupId(conversationId) ? { conversationId } : {});
}
