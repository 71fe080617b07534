import { type RefObject, useEffect, useRef, useState } from 'react';
import { decodedSound, type SoundFacts } from '../../live/files/decoded-sound.ts';
import type { HeldFile } from '../../live/files/file-cache.ts';
import { playAlone } from '../../live/files/playing-sound.ts';

export interface Player {
  ref: RefObject<HTMLAudioElement | null>;
  isPlaying: boolean;
  /** Seconds. */
  at: number;
  /** Seconds; 0: not known. */
  length: number;
  waveform: readonly number[] | undefined;
  rate: number;
  toggle: () => void;
  seek: (seconds: number) => void;
  nextRate: () => void;
  /** Of the audio element. */
  events: { onPlay: () => void; onPause: () => void; onEnded: () => void; onTimeUpdate: () => void };
}

const RATES = [1, 1.5, 2];

/** A sound that is played. `told`: what the message tells of it; else it is decoded. */
export function usePlayer(held: HeldFile | undefined, told: Partial<SoundFacts>): Player {
  const ref = useRef<HTMLAudioElement>(null);
  const [isPlaying, setPlaying] = useState(false);
  const [at, setAt] = useState(0);
  const [rate, setRate] = useState(1);
  const [facts, setFacts] = useState<SoundFacts>();
  const isTold = told.seconds !== undefined && told.waveform !== undefined;

  useEffect(() => {
    if (held === undefined || isTold) return;
    let isLeft = false;
    void decodedSound(held.blob).then((found) => isLeft || setFacts(found));
    return () => {
      isLeft = true;
    };
  }, [held, isTold]);

  const length = told.seconds ?? facts?.seconds ?? finite(ref.current?.duration);
  return {
    ref,
    isPlaying,
    at,
    length,
    waveform: told.waveform ?? facts?.waveform,
    rate,
    toggle() {
      const { current: sound } = ref;
      if (sound === null) return;
      if (!sound.paused) sound.pause();
      else playAlone(sound);
    },
    seek(seconds) {
      setAt(seconds);
      if (ref.current !== null) ref.current.currentTime = seconds;
    },
    nextRate() {
      const next = RATES[(RATES.indexOf(rate) + 1) % RATES.length] ?? 1;
      setRate(next);
      if (ref.current !== null) ref.current.playbackRate = next;
    },
    events: {
      onPlay: () => {
        setPlaying(true);
        // What was chosen before the sound was there is lost when it is loaded.
        if (ref.current !== null) ref.current.playbackRate = rate;
      },
      onPause: () => setPlaying(false),
      onEnded: () => {
        setPlaying(false);
        setAt(0);
      },
      onTimeUpdate: () => setAt(ref.current?.currentTime ?? 0),
    },
  };
}

/** A recording that is not finished by its recorder has no length. */
function finite(seconds = 0): number {
  return Number.isFinite(seconds) ? seconds : 0;
}
