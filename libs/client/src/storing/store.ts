/**
 * The client's persistent state, as texts under short keys: the inbox position, the messages shown recently, and the
 * messages that the server has not stored yet. One client (one device of one user) per store. When a write returns, it
 * must survive a restart of the program. All may throw, when the store is denied or full: memory then takes its place.
 */
export interface ClientStore {
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
  keys(): string[];
}

/**
 * A store that also keeps the messages of conversations, made by another entry point of this package. One for each user of
 * each server, and one client at a time.
 */
export interface ClientDatabase {
  /**
   * Removes everything, for example when the user logs out. Close the client before, and the database after it. What an
   * earlier client still has to write is not written any more; a client that is made afterwards begins from nothing.
   */
  clear(): Promise<void>;
  close(): void;
}

/** Keeps nothing beyond the process: after a restart the device reads the inbox from its beginning. */
export function memoryStore(): ClientStore {
  const values = new Map<string, string>();
  return {
    get: (key) => values.get(key) ?? null,
    set: (key, value) => void values.set(key, value),
    remove: (key) => void values.delete(key),
    keys: () => [...values.keys()],
  };
}

/**
 * The browser's `localStorage`, under keys that begin with `name`. Holds up to about 2 MB. `storage`: called for each
 * access, because a browser that denies storage throws already when it is named.
 */
export function localStorageStore(name: string, storage: () => Storage = () => localStorage): ClientStore {
  const prefix = `${name}/`;
  return {
    get: (key) => storage().getItem(prefix + key),
    set: (key, value) => storage().setItem(prefix + key, value),
    remove: (key) => storage().removeItem(prefix + key),
    keys: () =>
      Array.from({ length: storage().length }, (_, i) => storage().key(i) ?? '')
        .filter((key) => key.startsWith(prefix))
        .map((key) => key.slice(prefix.length)),
  };
}
