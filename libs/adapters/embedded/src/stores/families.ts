/** The numbers of the sorted tables in the store's file; each is that of one table for ever. */
export const FAMILY = { inbox: 1, dedup: 2, history: 3, entries: 4, listed: 5, names: 6 } as const;
