import type { UserId } from '@chasqui/domain';
import type { ChatMessage } from '../conversations/chat-message.ts';
import type { ConversationKey } from '../conversations/direct.ts';
import type { LocalPage } from '../conversations/local-page.ts';
import type { DurableStore } from '../storing/durable-store.ts';
import { parsedText } from '../storing/parsed-text.ts';
import type { Head } from '../storing/stored-values.ts';
import type { DatabaseBounds } from './bounds.ts';
import { type DatabaseChanges, type DatabaseEngine, NO_CHANGES } from './engine.ts';
import { KeptConversations } from './kept-conversations.ts';

/** Messages of a page, unless another number is asked for. */
const PAGE = 50;

/** Of a database, whichever client has opened it. */
export interface DatabaseState {
  failure?: { cause: unknown };
}

/**
 * From its first failure on, nothing more is written: what the database has then belongs together, and the next client
 * goes on from there. `ended`: nothing is written or read any more.
 */
export function openedStore(
  engine: DatabaseEngine,
  userId: UserId,
  bounds: Required<DatabaseBounds>,
  health: DatabaseState,
  ended: AbortSignal,
  tell: (cause: unknown) => void,
): DurableStore {
  let isTold = false;

  /** Tells the failure, once; an earlier client may have met it. */
  function hasFailed(): boolean {
    const { failure } = health;
    if (failure !== undefined && !isTold && !ended.aborted) {
      isTold = true;
      tell(failure.cause);
    }
    return failure !== undefined;
  }

  function failed(cause: unknown): void {
    health.failure ??= { cause };
    hasFailed();
  }

  function attempt<T>(action: () => T, otherwise: T): T {
    try {
      return action();
    } catch (error) {
      failed(error);
      return otherwise;
    }
  }

  function clear(): void {
    void attempt(() => engine.clear(), undefined)?.then(undefined, failed);
  }

  async function page(conversation: ConversationKey, { before, limit = PAGE }: LocalPage = {}): Promise<ChatMessage[]> {
    if (ended.aborted) return [];
    try {
      return await engine.page(conversation, limit, before);
    } catch (error) {
      failed(error);
      return [];
    }
  }

  function written(changes: DatabaseChanges): PromiseLike<void> | undefined {
    if (hasFailed() || ended.aborted || isEmpty(changes)) return undefined;
    return attempt(() => engine.write(changes), undefined)?.then(undefined, failed);
  }

  const get = (key: string) => attempt(() => engine.get(key), null);
  const keys = () => attempt(() => engine.keys(), []);
  const owner = parsedText<Head>(get('head'))?.userId;
  if (owner && owner !== userId) clear();
  hasFailed();
  const kept = new KeptConversations({ get, keys }, bounds);
  return {
    userId,
    get,
    keys,
    keeper: Object.assign(kept, { page, recent: () => attempt(() => engine.recent(), []) }),
    write: (texts) => written(kept.take(texts)),
    put: (key, value) => void written({ ...NO_CHANGES, texts: new Map([[key, value]]) }),
    clear() {
      kept.clear();
      if (!ended.aborted) clear();
      failed(new Error(`somebody else than ${userId} has logged in`));
    },
  };
}

function isEmpty({ forgotten, messages, changes, texts }: DatabaseChanges): boolean {
  return forgotten.length + messages.length + changes.length + texts.size === 0;
}
