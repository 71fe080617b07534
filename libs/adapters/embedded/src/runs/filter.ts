// Bloom filters: a filter has no false negatives, and about one false positive in a hundred.

const BITS_PER_KEY = 10;
const PROBES = 6;

/** FNV-1a of the first `length` characters. */
export function hashOf(key: string, length: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  // The last characters reach the high bits only by this.
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}

export function filterOf(hashes: readonly number[]): Uint8Array {
  const filter = new Uint8Array(Math.max(8, Math.ceil((hashes.length * BITS_PER_KEY) / 8)));
  for (const hash of hashes) {
    for (let i = 0, at = hash; i < PROBES; i++, at = next(at, hash)) {
      const bit = at % (filter.length * 8);
      filter[bit >>> 3] = (filter[bit >>> 3] as number) | (1 << (bit & 7));
    }
  }
  return filter;
}

export function mayHave(filter: Uint8Array, hash: number): boolean {
  for (let i = 0, at = hash; i < PROBES; i++, at = next(at, hash)) {
    const bit = at % (filter.length * 8);
    if (((filter[bit >>> 3] as number) & (1 << (bit & 7))) === 0) return false;
  }
  return true;
}

function next(at: number, hash: number): number {
  return (at + (Math.imul(hash, 0x9e3779b1) | 1)) >>> 0;
}
