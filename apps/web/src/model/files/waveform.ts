/** Bars of a waveform as the page shows it, and as it announces that of a recording. */
export const BARS = 48;

/** How loud parts of equal length are, 0–100, relative to the loudest. Silence is all zeros. */
export function waveformOf(samples: ArrayLike<number>, bars = BARS): number[] {
  const peaks = Array.from({ length: Math.min(bars, samples.length) }, (_, bar) => {
    const count = Math.min(bars, samples.length);
    const [from, to] = [Math.floor((bar * samples.length) / count), Math.floor(((bar + 1) * samples.length) / count)];
    let peak = 0;
    for (let i = from; i < to; i++) peak = Math.max(peak, Math.abs(samples[i] ?? 0));
    return peak;
  });
  const loudest = Math.max(...peaks, 0);
  return peaks.map((peak) => (loudest === 0 ? 0 : Math.round((peak / loudest) * 100)));
}
