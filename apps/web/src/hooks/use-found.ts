import type { UserId } from '@chasqui/domain';
import { useEffect, useState } from 'react';
import { useMessenger } from './use-messenger.ts';
import { usePaused } from './use-paused.ts';

export interface FoundPerson {
  userId: UserId;
  displayName: string;
}

/**
 * Whom the server finds for a text, without the user. Without a text: the user's contacts, or nobody is asked for.
 * Undefined: not known yet.
 */
export function useFound(text: string, withoutText: 'contacts' | 'nobody'): readonly FoundPerson[] | undefined {
  const { people, me } = useMessenger();
  const [found, setFound] = useState<readonly FoundPerson[]>();
  const query = usePaused(text.trim());
  const isIdle = query === '' && withoutText === 'nobody';
  useEffect(() => {
    setFound(undefined);
    if (isIdle) return;
    let left = false;
    const asked = query === '' ? people.contacts().then(acceptedOf) : people.find(query);
    asked.then(
      (users) => !left && setFound(users.filter(({ userId }) => userId !== me)),
      () => undefined,
    );
    return () => {
      left = true;
    };
  }, [people, me, query, isIdle]);
  return isIdle ? undefined : found;
}

function acceptedOf(contacts: readonly { userId: UserId; state: string }[]): FoundPerson[] {
  return contacts.filter(({ state }) => state === 'contact').map(({ userId }) => ({ userId, displayName: userId }));
}
