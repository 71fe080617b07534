import { useCallback, useContext, useEffect, useSyncExternalStore } from 'react';
import { MessengerContext } from './use-messenger.ts';

/** The address of a user's avatar, or of a group's picture, if the server has it; null: the page shows none. */
export function useAvatar(id: string, picture: string, isGroup: boolean): string | null {
  const messenger = useContext(MessengerContext);
  const avatars = isGroup ? undefined : messenger?.avatars;
  useEffect(() => avatars?.want(id), [avatars, id]);
  const known = useSyncExternalStore(
    useCallback((listener) => avatars?.subscribe(listener) ?? (() => undefined), [avatars]),
    () => avatars?.of(id) ?? picture,
  );
  const address = messenger?.files.pictures.pictureUrl(known, 128) ?? null;
  // The page fetches pictures from its own server alone.
  return address === known ? null : address;
}
