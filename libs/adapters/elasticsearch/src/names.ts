/**
 * What the indices are called. Each is in one of these states, told by its aliases:
 * live (`live`): searched and written. Being built (`draft`, soon with `next`): written too, may become live.
 * Neither `live` nor `draft`: can never become live, may be deleted at any time.
 */
export interface Names {
  template: string;
  /** Every index of ours. */
  pattern: string;
  /** The index that setup makes. */
  first: string;
  /** Searches and writes go through it. On one index at any time. */
  live: string;
  /** Writes go through it too, while it is there: the index that is being built. On one index at most. */
  next: string;
  /** Given to an index at its creation only, and taken away when it becomes live or is given up. */
  draft: string;
  /** A new index's. `unique` tells it from all others. */
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
