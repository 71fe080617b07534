/**
 * FNV-1a (32 bits) over UTF-16 code units. It is the same on every node and in every version, because the shard of a
 * conversation must never change while the bus has events of it. Source: http://www.isthe.com/chongo/tech/comp/fnv/.
 */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  return hash >>> 0;
}

/** The shard, 0 ≤ shard < `shards`, that carries every event of `key` (a conversation or a user). */
export function shardOf(key: string, shards: number): number {
  return hash32(key) % shards;
}
