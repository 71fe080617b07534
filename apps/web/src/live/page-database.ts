import { type ClientDatabase, localStorageStore } from '@chasqui/client';
import { indexedDBStore } from '@chasqui/client/indexeddb';
import type { UserId } from '@chasqui/domain';
import { storageKey } from '../person.ts';

/** Where pages up to release 0.1 kept it. */
const formerStore = (me: UserId) => localStorageStore(storageKey(`inbox.${me}`));

/** What this browser keeps of a user's messages, for the server of this page. */
export function openDatabase(me: UserId): Promise<ClientDatabase> {
  return indexedDBStore({
    server: storageKey(new URL('.', location.href).href),
    userId: me,
    takeOver: formerStore(me),
  });
}

/** Closes the database, whose client is closed; `stays`: it is kept for the next time. */
export function leaveDatabase(me: UserId, database: ClientDatabase, stays: boolean): void {
  if (!stays) void erase(me, database);
  database.close();
}

/** A browser that denies its databases has nothing there, but it may have the former store still. */
async function erase(me: UserId, database: ClientDatabase): Promise<void> {
  const former = formerStore(me);
  const removed = async () => former.keys().map((key) => former.remove(key));
  await Promise.allSettled([database.clear(), removed()]);
}
