import { clear, createStore, del, get, keys, set } from 'idb-keyval';
import type { KeptMessage } from './pending-message.ts';

/** Messages whose files are being uploaded, in a database of this browser, by their keys. */
export interface KeptUploads {
  keys(): Promise<string[]>;
  get(key: string): Promise<KeptMessage | undefined>;
  /** Rejects where the browser denies it, or has no room for the files. */
  put(message: KeptMessage): Promise<void>;
  remove(key: string): Promise<void>;
  clear(): Promise<void>;
}

export function keptUploads(database: string): KeptUploads {
  const store = createStore(database, 'messages');
  return {
    keys: async () => (await keys(store)).map(String),
    get: (key) => get<KeptMessage>(key, store),
    put: (message) => set(message.key, message, store),
    remove: (key) => del(key, store),
    clear: () => clear(store),
  };
}
