import { useCallback } from 'react';
import type { Contact } from '../people-api.ts';
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
