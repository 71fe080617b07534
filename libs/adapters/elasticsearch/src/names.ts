/**
 * The names of the indices. Aliases mark the state of each index:
 * live (`live`): searched and written. Being built (`draft`, soon with `next`): also written, may become live.
 * Neither `live` nor `draft`: can never become live, may be deleted at any time.
 */
export interface Names {
  template: string;
  /** Matches all our indices. */
  pattern: string;
  /** The index that setup makes. */
  first: string;
  /** Alias for searches and writes. On exactly one index at any time. */
  live: string;
  /** Alias for writes to the index that is being built, while there is one. On at most one index. */
  next: string;
  /** Set only when an index is created; removed when it becomes live or is abandoned. */
  draft: string;
  /** The name of a new index. `unique` distinguishes it from all others. */
  index(unique: string): string;
}

export function namesOf(prefix: string): Names {
  const index = (unique: string) => `${prefix}-index-${unique}`;
  const live = `${prefix}-search`;
  return {
    template: `${prefix}-index`,
    pattern: index('*'),
    first: index('first'),
    live,
    next: `${live}-next`,
    draft: `${live}-draft`,
    index,
  };
}
