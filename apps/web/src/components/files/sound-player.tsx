import { useEffect } from 'react';
import type { PlayedFile } from '../../hooks/files/use-played.ts';
import { usePlayer } from '../../hooks/files/use-player.ts';
import { texts } from '../../i18n/index.ts';
import type { SoundFacts } from '../../live/files/decoded-sound.ts';
import { clockTime } from '../../model/files/clock-time.ts';
import { Icon } from '../icon.tsx';
import { Waveform } from './waveform.tsx';

interface SoundPlayerProps {
  /** What it is called for whoever hears the page. */
  label: string;
  /** Without an address, it is loaded when it is to be played. */
  played: Pick<PlayedFile, 'address' | 'held'> & Partial<Pick<PlayedFile, 'failed' | 'broken' | 'events'>>;
  told: Partial<SoundFacts>;
  /** Asks for the sound to be loaded. */
  load?: () => void;
  /** It was asked for: it plays once it is there. */
  asked?: boolean;
}

/** Plays a sound: waveform, position and speed. */
export function SoundPlayer({ label, played, told, load, asked = false }: SoundPlayerProps) {
  const { address, held, broken = false, events } = played;
  const failed = played.failed === true || broken;
  const player = usePlayer(held, told);
  const { at, length, isPlaying, rate, waveform, toggle } = player;
  const words = texts.files;
  const isThere = address !== undefined;

  // biome-ignore lint/correctness/useExhaustiveDependencies: it plays by itself once, when it has come.
  useEffect(() => {
    if (asked && isThere) toggle();
  }, [asked, isThere]);

  return (
    // biome-ignore lint/a11y/useSemanticElements: it is no set of fields.
    <div className="sound" role="group" aria-label={label} data-testid="sound" data-playing={isPlaying}>
      {isThere && <audio ref={player.ref} src={address} {...player.events} {...events} />}
      <button
        type="button"
        className="sound-play"
        aria-label={isPlaying ? words.stop : words.play}
        onClick={isThere ? toggle : load}
        data-testid="sound-play"
      >
        <Icon name={failed ? 'again' : isPlaying ? 'pause' : 'play'} />
      </button>
      <div className="sound-track">
        <Waveform waveform={waveform} part={length === 0 ? 0 : at / length} />
        <input
          type="range"
          min={0}
          max={Math.max(length, 0.1)}
          step={0.1}
          value={Math.min(at, Math.max(length, 0.1))}
          disabled={!isThere}
          aria-label={words.position}
          aria-valuetext={words.positionOf(clockTime(at), clockTime(length))}
          onChange={({ target }) => player.seek(Number(target.value))}
          data-testid="sound-position"
        />
        <span className="small" data-testid="sound-time" role={failed ? 'alert' : undefined}>
          {failed ? words.loadFailed : at > 0 ? `${clockTime(at)} / ${clockTime(length)}` : clockTime(length)}
        </span>
      </div>
      <button
        type="button"
        className="sound-rate"
        aria-label={words.speed(`${rate}×`)}
        onClick={player.nextRate}
        data-testid="sound-rate"
      >
        {rate}×
      </button>
    </div>
  );
}
