import { type ClientDatabase, localStorageStore } from '@chasqui/client';
import { indexedDBStore } from '@chasqui/client/indexeddb';
import type { UserId } from '@chasqui/domain';
import { storageKey } from '../person.ts';

/** Where pages up to release 0.1 kept it. */
const formerStore = (me: UserId) => localStorageStore(storageKey(`inbox.${me}`));

/** The server of this page. */
export const server = () => storageKey(new URL('.', location.href).href);

/** What this browser keeps of a user's messages, for the server of this page. */
export function openDatabase(me: UserId): Promise<ClientDatabase> {
  return indexedDBStore({ server: server(), userId: me, takeOver: formerStore(me) });
}

/** A browser that denies its databases has nothing there, but it may have the former store still. */
export async function forgetFormer(me: UserId): Promise<void> {
  const former = formerStore(me);
  for (const key of former.keys()) former.remove(key);
}
