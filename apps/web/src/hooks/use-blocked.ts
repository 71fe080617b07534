import type { UserId } from '@chasqui/domain';
import { useEffect } from 'react';
import { useMessenger } from './use-messenger.ts';
import { useStore } from './use-store.ts';

/** Whether the signed-in user blocks the peer, as far as this page knows. */
export function useBlocked(peer: UserId): boolean {
  const { people } = useMessenger();
  useEffect(() => {
    people.blocked().catch(() => undefined);
  }, [people]);
  return useStore(people.blocks).has(peer);
}
