import type { ClientDatabase, ClientStore } from '../storing/store.ts';
import type { DatabaseBounds } from './bounds.ts';
import { database } from './database.ts';
import type { DatabaseEngine } from './engine.ts';
import { openIndexedDB } from './indexeddb-engine.ts';
import { takeOver } from './take-over.ts';

export interface IndexedDBOptions extends DatabaseBounds {
  /** The address of the server, and … */
  server: string;
  /** … the user whose data this is, as the server names them: each user of each server has a database of their own. */
  userId: string;
  /** A store that was used before: its unsent messages, if they are this user's, are taken over, and it is emptied. The rest comes from the server. */
  takeOver?: ClientStore;
}

/**
 * A database of the browser, opened. A write survives the closing or the crash of the page from when its promise resolves, and
 * the closing already from when it begins. Does not reject: where the browser denies its databases, every call throws what
 * it said, and the client uses memory.
 */
export async function indexedDBStore({
  server,
  userId,
  takeOver: before,
  ...bounds
}: IndexedDBOptions): Promise<ClientDatabase> {
  const engine = await openIndexedDB(server, userId).catch(deniedEngine);
  // A store that is denied has nothing; one that cannot be taken over now waits for the next time.
  if (before !== undefined) await takeOver(engine, userId, before).catch(() => undefined);
  return database(engine, userId, bounds);
}

function deniedEngine(error: unknown): DatabaseEngine {
  const denied = () => {
    throw error;
  };
  return {
    get: denied,
    keys: denied,
    write: denied,
    recent: denied,
    page: denied,
    clear: denied,
    close: () => undefined,
  };
}
