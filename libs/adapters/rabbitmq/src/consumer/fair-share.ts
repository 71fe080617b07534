/** A shard counts as busy for this long after its last batch, ms. */
const BUSY_MS = 10_000;

/**
 * The busy shards that a member has beyond its share of all shards. Idle ones do not matter: nobody waits for their
 * messages, and whether this member has them is unknown.
 */
export function surplusOf<T extends { readonly handledAt: number }>(
  lanes: readonly T[],
  members: number,
  now: number,
): T[] {
  const busy = lanes.filter(({ handledAt }) => now - handledAt <= BUSY_MS);
  return busy.slice(Math.ceil(lanes.length / Math.max(members, 1)));
}
