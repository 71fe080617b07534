import type { ChatMessage } from '../chat-message.ts';
import type { ConversationKey } from '../direct.ts';
import type { DurableStore, OpenableDatabase } from '../durable-store.ts';
import type { LocalPage } from '../local-page.ts';
import { DATABASE_BOUNDS, type DatabaseBounds } from './bounds.ts';
import type { DatabaseChanges, DatabaseEngine } from './engine.ts';
import { KeptConversations } from './kept-conversations.ts';

/** Messages of a page, unless another number is asked for. */
const PAGE = 50;

export function database(
  engine: DatabaseEngine,
  {
    maxMessages = DATABASE_BOUNDS.maxMessages,
    maxConversations = DATABASE_BOUNDS.maxConversations,
  }: DatabaseBounds = {},
): OpenableDatabase {
  const bounds = { maxMessages, maxConversations };
  return {
    open: (failed) => openedStore(engine, bounds, failed),
    clear: async () => engine.clear(),
    close: () => engine.close(),
  };
}

/**
 * From its first failure on, nothing more is written: what the database has then belongs together, and the next client
 * goes on from there.
 */
function openedStore(
  engine: DatabaseEngine,
  bounds: Required<DatabaseBounds>,
  tell: (cause: unknown) => void,
): DurableStore {
  let hasFailed = false;

  function failed(error: unknown): void {
    if (!hasFailed) tell(error);
    hasFailed = true;
  }

  function attempt<T>(action: () => T, otherwise: T): T {
    try {
      return action();
    } catch (error) {
      failed(error);
      return otherwise;
    }
  }

  async function page(conversation: ConversationKey, { before, limit = PAGE }: LocalPage = {}): Promise<ChatMessage[]> {
    try {
      return await engine.page(conversation, limit, before);
    } catch (error) {
      failed(error);
      return [];
    }
  }

  const get = (key: string) => attempt(() => engine.get(key), null);
  const keys = () => attempt(() => engine.keys(), []);
  const kept = new KeptConversations({ get, keys }, bounds);
  return {
    get,
    keys,
    keeper: Object.assign(kept, { page, recent: () => attempt(() => engine.recent(), []) }),
    write(texts) {
      const changes = kept.take(texts);
      if (hasFailed || isEmpty(changes)) return undefined;
      return attempt(() => engine.write(changes), undefined)?.then(undefined, failed);
    },
    clear() {
      kept.clear();
      void attempt(() => engine.clear(), undefined)?.then(undefined, failed);
    },
  };
}

function isEmpty({ forgotten, messages, changes, texts }: DatabaseChanges): boolean {
  return forgotten.length + messages.length + changes.length + texts.size === 0;
}
