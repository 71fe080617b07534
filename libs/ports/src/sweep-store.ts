/** How far a sweep is. */
export interface SweepProgress {
  /** Where to go on; null: at the beginning. */
  cursor: string | null;
  /** Unix ms before which nothing is to be done. */
  nextAt: number;
}

/**
 * Who leads each sweep, work that goes through everything again and again, and how far it is. Each call is one
 * transaction; a resolved write survives kill -9. One row for each sweep of the code. Errors: `store_unavailable`.
 */
export interface SweepStore extends AsyncDisposable {
  /**
   * Makes `owner` lead the sweep until `until` (Unix ms), if nobody or `owner` leads it at `now`. Null: somebody else
   * does.
   */
  lead(sweep: string, owner: string, now: number, until: number): Promise<SweepProgress | null>;
  /** Saves how far it is. False: somebody else leads it, and nothing was changed. */
  save(sweep: string, owner: string, progress: SweepProgress): Promise<boolean>;
  ping(): Promise<void>;
}
