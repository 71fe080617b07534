import { MEDIA_LIMITS, type MediaFacts } from '@chasqui/domain';

/** A part is as long as that at first, ms; longer sounds have longer ones. */
const PART_MS = 10;
/** Parts that are kept while the sound is heard. */
const MAX_PARTS = 8_192;
const LOUDEST = 32_768;

/** The peaks of a sound of any length, in bounded memory: once there are too many parts, two become one. */
export class Waveform {
  readonly #rate: number;
  #perPart: number;
  #peaks: number[] = [];
  #peak = 0;
  #inPart = 0;
  #samples = 0;
  /** The first byte of a sample whose second one is still to come. */
  #odd: Buffer = Buffer.alloc(0);

  /** `rate`: samples a second. */
  constructor(rate: number) {
    this.#rate = rate;
    this.#perPart = Math.max(1, Math.round((rate * PART_MS) / 1000));
  }

  /** Samples of one channel, 16 bits, little-endian. */
  add(bytes: Buffer): void {
    const all = this.#odd.length === 0 ? bytes : Buffer.concat([this.#odd, bytes]);
    const end = all.length & ~1;
    for (let at = 0; at < end; at += 2) this.#sample(Math.abs(all.readInt16LE(at)));
    this.#odd = all.subarray(end);
  }

  facts(): MediaFacts {
    const durationMs = Math.round((this.#samples * 1000) / this.#rate);
    const peaks = this.#inPart > 0 ? [...this.#peaks, this.#peak] : this.#peaks;
    if (peaks.length === 0) return { durationMs };
    const count = Math.min(MEDIA_LIMITS.maxWaveform, peaks.length);
    const waveform = Array.from({ length: count }, (_, n) => {
      const part = peaks.slice(Math.floor((n * peaks.length) / count), Math.floor(((n + 1) * peaks.length) / count));
      return Math.round((Math.max(...part) * 100) / LOUDEST);
    });
    return { durationMs, waveform };
  }

  #sample(loudness: number): void {
    this.#samples++;
    if (loudness > this.#peak) this.#peak = loudness;
    if (++this.#inPart < this.#perPart) return;
    this.#peaks.push(this.#peak);
    this.#peak = 0;
    this.#inPart = 0;
    if (this.#peaks.length < MAX_PARTS) return;
    this.#peaks = this.#peaks.flatMap((peak, n) => (n % 2 === 0 ? [Math.max(peak, this.#peaks[n + 1] ?? 0)] : []));
    this.#perPart *= 2;
  }
}
