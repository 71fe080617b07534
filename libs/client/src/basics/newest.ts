/** Sets an entry as the newest of a map. Beyond `max` entries, the oldest one is removed. */
export function setNewest<K, V>(map: Map<K, V>, key: K, value: V, max = Number.POSITIVE_INFINITY): void {
  map.delete(key);
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= max) break;
    map.delete(oldest);
  }
}
