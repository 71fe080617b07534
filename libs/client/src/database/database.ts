import type { UserId } from '@chasqui/domain';
import type { OpenableDatabase } from '../storing/durable-store.ts';
import { DATABASE_BOUNDS, type DatabaseBounds } from './bounds.ts';
import type { DatabaseEngine } from './engine.ts';
import { type DatabaseState, openedStore } from './opened-store.ts';

/** `userId`: whose database this is. What another user left in it is removed when a client opens it. */
export function database(
  engine: DatabaseEngine,
  userId: UserId,
  {
    maxMessages = DATABASE_BOUNDS.maxMessages,
    maxConversations = DATABASE_BOUNDS.maxConversations,
  }: DatabaseBounds = {},
): OpenableDatabase {
  const bounds = { maxMessages, maxConversations };
  const health: DatabaseState = {};
  let ending = new AbortController();

  /** What a closed client still has under way must not come into a database that has been emptied since. */
  function endStores(): void {
    ending.abort();
    ending = new AbortController();
  }

  return {
    open: (failed) => openedStore(engine, userId, bounds, health, ending.signal, failed),
    async clear() {
      endStores();
      await engine.clear();
    },
    close() {
      endStores();
      engine.close();
    },
  };
}
