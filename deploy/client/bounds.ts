import type { Entry } from './entries.ts';

/** What `createClient` may cost an application at most, in bytes minified and gzipped: it is what every application pays. */
export const MOST_BYTES = 15_000;

/** What an application that uses this name of an entry point may pay more at most. */
export const MOST_ADDED: readonly [entry: Exclude<Entry, 'index'>, name: string, bytes: number][] = [
  ['groups', 'groups', 5_150],
  ['states', 'states', 1_400],
  ['recalls', 'recalls', 375],
  ['actions', 'actions', 3_250],
  ['attachments', 'attachments', 2_775],
  ['attachments', 'pictures', 1_000],
  ['indexeddb', 'indexedDBStore', 3_150],
  ['sqlite', 'sqliteStore', 2_850],
  ['tabs', 'createSharedClient', 6_700],
];
