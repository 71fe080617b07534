import { createContext, useContext, useEffect, useState } from 'react';
import type { Api } from '../api.ts';
import { type Messenger, openMessenger } from '../live/messenger.ts';
import type { KeptLogin } from '../login.ts';

export const MessengerContext = createContext<Messenger | null>(null);

/** The signed-in user's messenger. */
export function useMessenger(): Messenger {
  const messenger = useContext(MessengerContext);
  if (messenger === null) throw new Error('there is no messenger above this component');
  return messenger;
}

/**
 * Opens a messenger while the component is mounted; null until the browser has opened its database, or another page has told what it has. Once the login is not
 * the user's any more, for whatever reason, nothing of their messages stays.
 */
export function useOpenMessenger(userId: string, api: Api, login: KeptLogin): Messenger | null {
  const [messenger, setMessenger] = useState<Messenger | null>(null);
  useEffect(() => {
    let isOver = false;
    const opening = openMessenger(userId, api);
    void opening.then((opened) => isOver || setMessenger(opened));
    return () => {
      isOver = true;
      const stays = login.get()?.userId === userId;
      void opening.then((opened) => opened.close(stays));
      setMessenger(null);
    };
  }, [userId, api, login]);
  return messenger;
}
