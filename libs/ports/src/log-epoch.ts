/**
 * The epoch of one log: the store's epoch and how often this log alone was given a new one. At most 64 characters,
 * because clients send it back.
 */
export function logEpoch(ofStore: string, life: number): string {
  return life === 0 ? ofStore : `${ofStore}.${life}`;
}

/** The second part of an epoch; 0 if it has none. */
export function lifeOf(epoch: string): number {
  return Number(/\.(\d{1,15})$/.exec(epoch)?.[1] ?? 0);
}
