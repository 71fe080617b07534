import { createContext, useContext, useEffect, useState } from 'react';
import type { Api } from '../api.ts';
import { type Messenger, openMessenger } from '../live/messenger.ts';
import { openDatabase } from '../live/page-database.ts';

export const MessengerContext = createContext<Messenger | null>(null);

/** The signed-in user's messenger. */
export function useMessenger(): Messenger {
  const messenger = useContext(MessengerContext);
  if (messenger === null) throw new Error('there is no messenger above this component');
  return messenger;
}

/** Opens a messenger while the component is mounted; null until the browser has opened its database. */
export function useOpenMessenger(userId: string, api: Api): Messenger | null {
  const [messenger, setMessenger] = useState<Messenger | null>(null);
  useEffect(() => {
    let opened: Messenger | undefined;
    let isOver = false;
    void openDatabase(userId).then((database) => {
      if (isOver) database.close();
      else opened = openMessenger(userId, api, database);
      setMessenger(opened ?? null);
    });
    return () => {
      isOver = true;
      opened?.close();
      setMessenger(null);
    };
  }, [userId, api]);
  return messenger;
}
