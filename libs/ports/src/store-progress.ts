/** How far a store has come. */
export interface Progress {
  /** Names the store's log of positions: the epoch that its inboxes have, but for those that were given one alone. */
  storeId: string;
  /** Never falls, unless the store itself goes back in time. */
  count: number;
  /** True: the store had gone back in time, and `storeId` is the epoch that every inbox was given for it. */
  wentBack: boolean;
}

/**
 * An ability of stores that an operator may set back unseen (a backup put back, a replica that lagged promoted): a number
 * that rises as the store is written to. What was committed after it rose last can be lost without its telling: about a
 * second's writes of one process, ten seconds' of processes that never call `advance`. Errors: `store_unavailable`.
 */
export interface StoreProgress {
  storeId(): Promise<string>;
  /**
   * In one transaction: where the progress is less than `witnessed`, the store has gone back, so every inbox gets another
   * epoch (C10), and the progress goes on above `witnessed`; of several who tell it at once, one does that. Else the
   * progress is raised, if there is something new. Null: `storeId` is no longer the store's, and nothing was done.
   */
  advance(storeId: string, witnessed: number): Promise<Progress | null>;
}

/**
 * Remembers outside of the store how far stores had come. It may forget, or fall back to less: that only means that less
 * is noticed. It must never name more than the store had committed. Errors: `presence_unavailable`.
 */
export interface ProgressWitness {
  /** The highest count that is remembered of a store; 0: none. */
  witnessed(storeId: string): Promise<number>;
  /** Only raises. Call it after the store's commit. */
  remember(storeId: string, count: number): Promise<void>;
}
