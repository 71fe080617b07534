/** The entry points of the package and their sources in libs/client/src. */
export const ENTRIES = {
  index: 'index.ts',
  actions: 'actions/actions-entry.ts',
  groups: 'groups/groups-entry.ts',
  attachments: 'attachments/attachments-entry.ts',
  recalls: 'recalls/recalls-entry.ts',
  states: 'states/states-entry.ts',
  indexeddb: 'database/indexeddb.ts',
  sqlite: 'database/sqlite.ts',
  tabs: 'tabs/tabs.ts',
} as const;

export type Entry = keyof typeof ENTRIES;

/** The module of what several entry points use, so that an application has each class once. */
export const SHARED = 'shared';

/** Nothing else may be left to import: the package has no dependency. */
export const LEFT = ['node:sqlite'];
