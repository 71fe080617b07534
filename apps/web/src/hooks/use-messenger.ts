import { createContext, useContext, useEffect, useState } from 'react';
import type { Api } from '../api.ts';
import { type Messenger, openMessenger } from '../live/messenger.ts';
import { leaveDatabase, openDatabase } from '../live/page-database.ts';
import type { KeptLogin } from '../login.ts';

export const MessengerContext = createContext<Messenger | null>(null);

/** The signed-in user's messenger. */
export function useMessenger(): Messenger {
  const messenger = useContext(MessengerContext);
  if (messenger === null) throw new Error('there is no messenger above this component');
  return messenger;
}

/**
 * Opens a messenger while the component is mounted; null until the browser has opened its database. Once the login is not
 * the user's any more, for whatever reason, nothing of their messages stays.
 */
export function useOpenMessenger(userId: string, api: Api, login: KeptLogin): Messenger | null {
  const [messenger, setMessenger] = useState<Messenger | null>(null);
  useEffect(() => {
    let opened: Messenger | undefined;
    let isOver = false;
    const opening = openDatabase(userId);
    void opening.then((database) => {
      if (isOver) return;
      opened = openMessenger(userId, api, database);
      setMessenger(opened);
    });
    return () => {
      isOver = true;
      opened?.close();
      const stays = login.get()?.userId === userId;
      void opening.then((database) => leaveDatabase(userId, database, stays));
      setMessenger(null);
    };
  }, [userId, api, login]);
  return messenger;
}
