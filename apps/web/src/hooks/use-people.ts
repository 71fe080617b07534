import type { UserId } from '@chasqui/domain';
import { useCallback, useEffect, useState } from 'react';
import type { Contact } from '../people-api.ts';
import { useStore } from '../store.ts';
import { type Loaded, useLoaded } from './use-loaded.ts';
import { useMessenger } from './use-messenger.ts';

/** The signed-in user's contacts and requests, reloaded each time that `wanted` becomes true. */
export function useContacts(wanted: boolean): Loaded<Contact[]> {
  const { people } = useMessenger();
  return useLoaded(
    useCallback(() => people.contacts(), [people]),
    wanted,
  );
}

/** Whether the signed-in user blocks the peer, as far as this page knows. */
export function useBlocked(peer: UserId): boolean {
  const { people } = useMessenger();
  useEffect(() => {
    people.blocked().catch(() => undefined);
  }, [people]);
  return useStore(people.blocks).has(peer);
}

/**
 * When the user was last online, Unix ms, requested while they are offline. Undefined: not known, or this user may not
 * see it.
 */
export function useLastSeen(peer: UserId, online: boolean): number | undefined {
  const { api } = useMessenger();
  const [seen, setSeen] = useState<{ peer: UserId; at: number }>();
  useEffect(() => {
    if (online) return;
    let left = false;
    api.user(peer).then(
      ({ lastSeenAt: at }) => !left && setSeen(at === undefined ? undefined : { peer, at }),
      () => undefined,
    );
    return () => {
      left = true;
    };
  }, [api, peer, online]);
  return seen?.peer === peer ? seen.at : undefined;
}
