import type { UserId } from '@chasqui/domain';
import { useEffect, useState } from 'react';
import { useMessenger } from './use-messenger.ts';

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
