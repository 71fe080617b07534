import { createContext, useContext, useEffect, useState } from 'react';
import type { Api } from '../api.ts';
import { type Messenger, openMessenger } from '../live/messenger.ts';

export const MessengerContext = createContext<Messenger | null>(null);

/** The signed-in user's messenger. */
export function useMessenger(): Messenger {
  const messenger = useContext(MessengerContext);
  if (messenger === null) throw new Error('there is no messenger above this component');
  return messenger;
}

/** Opens a messenger while the component is mounted; null until the first effect runs. */
export function useOpenMessenger(userId: string, api: Api): Messenger | null {
  const [messenger, setMessenger] = useState<Messenger | null>(null);
  useEffect(() => {
    const opened = openMessenger(userId, api);
    setMessenger(opened);
    return () => {
      opened.close();
      setMessenger(null);
    };
  }, [userId, api]);
  return messenger;
}
