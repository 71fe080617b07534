import { type ClientDatabase, localStorageStore } from '@chasqui/client';
import { indexedDBStore } from '@chasqui/client/indexeddb';
import type { UserId } from '@chasqui/domain';
import { storageKey } from '../person.ts';

/** What this browser keeps of a user's messages, for the server of this page. */
export function openDatabase(me: UserId): Promise<ClientDatabase> {
  return indexedDBStore({
    server: storageKey(new URL('.', location.href).href),
    userId: me,
    takeOver: localStorageStore(storageKey(`inbox.${me}`)),
  });
}
