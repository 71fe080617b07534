import { BARS } from '../../model/files/waveform.ts';

const FLAT = Array.from({ length: BARS }, () => 8);
/** A silent part is seen as well. */
const LOWEST = 8;

/** How loud a sound is, with the part that was heard in another colour. */
export function Waveform({ waveform = FLAT, part }: { waveform?: readonly number[] | undefined; part: number }) {
  const { length } = waveform;
  return (
    <svg className="waveform" viewBox={`0 0 ${length * 3} 100`} preserveAspectRatio="none" aria-hidden="true">
      {waveform.map((loud, bar) => {
        const height = Math.max(LOWEST, loud);
        const place = { x: bar * 3, y: (100 - height) / 2, width: 2, height };
        // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place.
        return <rect key={bar} {...place} data-heard={(bar + 0.5) / length <= part} />;
      })}
    </svg>
  );
}
