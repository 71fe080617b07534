/**
 * A message group for each of a topic's queues. The proxy chooses a message's queue by its group alone; the engine
 * keeps order, and holds messages, per queue. So each shard gets a group whose hash leads to its own queue, with the
 * shard's number.
 *
 * If a proxy hashed otherwise, shards would share queues: their order stays, but one could hold up another.
 */
export function shardGroups(queues: number): string[] {
  return Array.from({ length: queues }, (_, shard) => {
    for (let attempt = 0; ; attempt++) {
      const group = `shard-${shard}.${attempt}`;
      if (consistentHash(javaHash(group), queues) === shard) return group;
    }
  });
}

/** Java's `String.hashCode`. */
function javaHash(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}

const MULTIPLIER = 2_862_933_555_777_941_757n;

/** Guava's `Hashing.consistentHash`. Source: https://arxiv.org/abs/1406.2294, "jump consistent hash". */
function consistentHash(input: number, buckets: number): number {
  let state = BigInt(input);
  let bucket = 0;
  for (;;) {
    state = BigInt.asUintN(64, state * MULTIPLIER + 1n);
    const draw = (Number(state >> 33n) + 1) / 2 ** 31;
    const next = Math.trunc((bucket + 1) / draw);
    if (next >= buckets) return bucket;
    bucket = next;
  }
}
