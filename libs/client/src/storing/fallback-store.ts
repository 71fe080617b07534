import { ImError } from '@chasqui/domain';
import { type ClientStore, memoryStore } from './store.ts';

export function unavailable(cause: unknown): ImError {
  return new ImError('store_unavailable', 'the store failed', {}, cause);
}

/**
 * A store that never throws: what `store` does not take is kept in memory, and is tried again with the next value of its
 * key. `changed` gets the error when that begins, and undefined when everything is in `store` again.
 */
export function fallbackStore(store: ClientStore, changed: (error: ImError | undefined) => void): ClientStore {
  const memory = memoryStore();
  let isTold = false;

  /** Undefined: the store has failed. */
  function attempt<T>(action: () => T): { result: T } | undefined {
    try {
      return { result: action() };
    } catch (error) {
      if (!isTold) changed(unavailable(error));
      isTold = true;
      return undefined;
    }
  }

  function kept(): void {
    if (!isTold || memory.keys().length > 0) return;
    isTold = false;
    changed(undefined);
  }

  return {
    get: (key) => memory.get(key) ?? attempt(() => store.get(key))?.result ?? null,
    set(key, value) {
      if (attempt(() => store.set(key, value)) === undefined) memory.set(key, value);
      else {
        memory.remove(key);
        kept();
      }
    },
    remove(key) {
      memory.remove(key);
      attempt(() => store.remove(key));
    },
    keys: () => [...new Set([...memory.keys(), ...(attempt(() => store.keys())?.result ?? [])])],
  };
}
