/** The package's modules and their sources in libs/client/src. */
export const ENTRIES = {
  index: 'index.ts',
  indexeddb: 'database/indexeddb.ts',
  sqlite: 'database/sqlite.ts',
  tabs: 'tabs/tabs.ts',
} as const;

export type Entry = keyof typeof ENTRIES;

/** Stands for the package's own module `index`, which applications have beside the other entry points. */
export const INDEX = '@chasqui/client';

/** Nothing else may be left to import: the package has no dependency. */
export const LEFT: { [entry in Entry]: readonly string[] } = {
  index: [],
  indexeddb: [],
  sqlite: ['node:sqlite'],
  tabs: [INDEX],
};

/** What an entry point has from `index`, so that there is one client and one class of errors in an application. */
export const FROM_INDEX: { [source: string]: readonly string[] } = {
  'client/src/create-client.ts': ['createClient'],
  'domain/src/errors.ts': ['ERROR_CODES', 'ImError'],
};
