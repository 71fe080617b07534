/** The progress of a store. */
export interface Progress {
  /** The store's epoch: that of all its inboxes, except those that were individually given another. */
  storeId: string;
  /** Never decreases, unless the store itself goes back in time. */
  count: number;
  /** True: the store had gone back in time, and `storeId` is the new epoch of every inbox. */
  wentBack: boolean;
}

/**
 * An optional ability of stores that can go back in time unnoticed (a restored backup, a promoted replica that lagged):
 * a number that rises as the store is written to. Commits after its last rise can be lost undetected: about one second
 * of writes of one process, ten seconds for processes that never call `advance`. Errors: `store_unavailable`.
 */
export interface StoreProgress {
  storeId(): Promise<string>;
  /**
   * In one transaction: if the progress is below `witnessed`, the store has gone back, so every inbox gets a new epoch
   * (C10), and the progress continues above `witnessed`; if several processes report this at once, only one does so.
   * Otherwise the progress is raised if anything was written. Null: `storeId` is no longer the store's, and nothing was
   * done.
   */
  advance(storeId: string, witnessed: number): Promise<Progress | null>;
}

/**
 * Remembers the progress of stores, outside of the stores. It may forget, or return a lower count: then less is
 * detected. It must never return more than the store had committed. Errors: `presence_unavailable`.
 */
export interface ProgressWitness {
  /** The highest count remembered for a store; 0: none. */
  witnessed(storeId: string): Promise<number>;
  /** Raises the count, never lowers it. Call it after the store's commit. */
  remember(storeId: string, count: number): Promise<void>;
}
