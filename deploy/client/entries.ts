/** The package's modules and their sources in libs/client/src. */
export const ENTRIES = {
  index: 'index.ts',
  indexeddb: 'database/indexeddb.ts',
  sqlite: 'database/sqlite.ts',
} as const;

export type Entry = keyof typeof ENTRIES;

/** Nothing else may be left to import: the package has no dependency. */
export const BUILT_IN: { [entry in Entry]: readonly string[] } = { index: [], indexeddb: [], sqlite: ['node:sqlite'] };
