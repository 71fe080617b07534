/** The first 32 bits of the fractional parts of roots of the first primes (FIPS 180-4, sections 4.2.2 and 5.3.3). */
function rootsOf(count: number, power: number): Uint32Array {
  const words: number[] = [];
  for (let n = 2; words.length < count; n++) {
    let isPrime = true;
    for (let by = 2; by * by <= n; by++) if (n % by === 0) isPrime = false;
    if (isPrime) words.push(n ** power * 2 ** 32);
  }
  return Uint32Array.from(words, (word) => word % 2 ** 32);
}

const K = rootsOf(64, 1 / 3);
const START = rootsOf(8, 1 / 2);
const BLOCK = 64;

/**
 * SHA-256 of bytes that come in pieces: the platform's own takes them at once alone, so a file would have to be in
 * memory.
 */
export class Sha256Digest {
  readonly #state = Uint32Array.from(START);
  readonly #words = new Uint32Array(64);
  readonly #rest = new Uint8Array(BLOCK);
  #bytes = 0;

  update(piece: Uint8Array): void {
    let at = 0;
    let held = this.#bytes % BLOCK;
    this.#bytes += piece.length;
    if (held > 0) {
      at = Math.min(BLOCK - held, piece.length);
      this.#rest.set(piece.subarray(0, at), held);
      held += at;
      if (held < BLOCK) return;
      this.#block(this.#rest, 0);
    }
    for (; at + BLOCK <= piece.length; at += BLOCK) this.#block(piece, at);
    this.#rest.set(piece.subarray(at));
  }

  /** As hexadecimal digits. Ends it: nothing can be added. */
  digest(): string {
    const held = this.#bytes % BLOCK;
    const end = new Uint8Array((held < BLOCK - 8 ? BLOCK : 2 * BLOCK) - held);
    end[0] = 0x80;
    const view = new DataView(end.buffer);
    view.setUint32(end.length - 8, Math.floor(this.#bytes / 2 ** 29));
    view.setUint32(end.length - 4, (this.#bytes << 3) >>> 0);
    this.update(end);
    return Array.from(this.#state, (word) => word.toString(16).padStart(8, '0')).join('');
  }

  #block(bytes: Uint8Array, at: number): void {
    const w = this.#words;
    for (let i = 0; i < 16; i++) {
      const from = at + 4 * i;
      w[i] =
        (byte(bytes, from) << 24) |
        (byte(bytes, from + 1) << 16) |
        (byte(bytes, from + 2) << 8) |
        byte(bytes, from + 3);
    }
    for (let i = 16; i < 64; i++) {
      const [a, b] = [word(w, i - 15), word(w, i - 2)];
      const s0 = turned(a, 7) ^ turned(a, 18) ^ (a >>> 3);
      const s1 = turned(b, 17) ^ turned(b, 19) ^ (b >>> 10);
      w[i] = word(w, i - 16) + s0 + word(w, i - 7) + s1;
    }
    const state = this.#state;
    let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number];
    for (let i = 0; i < 64; i++) {
      const s1 = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + word(K, i) + word(w, i)) | 0;
      const s0 = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22);
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b;
      b = a;
      a = (t1 + t2) | 0;
    }
    const added = [a, b, c, d, e, f, g, h];
    for (let i = 0; i < 8; i++) state[i] = word(state, i) + (added[i] ?? 0);
  }
}

function byte(bytes: Uint8Array, at: number): number {
  return bytes[at] as number;
}

function word(words: Uint32Array, at: number): number {
  return words[at] as number;
}

function turned(value: number, by: number): number {
  return (value >>> by) | (value << (32 - by));
}
