import { useEffect, useRef } from 'react';
import { useHeldBlob } from '../../hooks/files/use-held-blob.ts';
import type { Recorder, RecorderState } from '../../hooks/files/use-recorder.ts';
import { texts } from '../../i18n/index.ts';
import type { ChosenFile } from '../../model/files/chosen-files.ts';
import { SoundPlayer } from '../files/sound-player.tsx';
import { Icon } from '../icon.tsx';
import { HeldVoice } from './held-voice.tsx';
import { Running } from './running.tsx';

interface VoiceBarProps {
  recorder: Recorder;
  state: Exclude<RecorderState, { step: 'idle' }>;
  /** Of a button that is held: how far it is moved towards where it cancels, 0–1. Null: nothing is held. */
  away: number | null;
  send: (voice: ChosenFile) => void;
}

/** In the place of the composer: a voice that is being recorded, then what was recorded. */
export function VoiceBar({ recorder, state, away, send }: VoiceBarProps) {
  const words = texts.files;
  const first = useRef<HTMLButtonElement>(null);
  const { step } = state;

  // The button that had the focus is gone.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each step has its own button.
  useEffect(() => first.current?.focus(), [step]);

  async function sendIt(): Promise<void> {
    const voice = state.step === 'recorded' ? state.voice : await recorder.finish();
    if (voice === undefined) return;
    send(voice);
    recorder.discard();
  }

  if (away !== null && state.step === 'recording') return <HeldVoice recording={state.recording} away={away} />;
  return (
    // biome-ignore lint/a11y/useSemanticElements: it is no set of fields.
    <div className="voice-bar" role="group" aria-label={words.kinds.voice} data-testid="voice-bar" data-step={step}>
      <button
        type="button"
        className="icon-button"
        aria-label={words.discard}
        title={words.discard}
        onClick={recorder.discard}
        data-testid="voice-discard"
      >
        <Icon name="trash" />
      </button>
      {state.step === 'recording' ? <Running recording={state.recording} /> : <Recorded voice={state.voice} />}
      {step === 'recording' && (
        <button
          ref={first}
          type="button"
          className="icon-button"
          aria-label={words.finish}
          title={words.finish}
          onClick={() => void recorder.finish()}
          data-testid="voice-finish"
        >
          <Icon name="stop" />
        </button>
      )}
      <button
        ref={step === 'recorded' ? first : undefined}
        type="button"
        className="send"
        aria-label={words.sendVoice}
        onClick={() => void sendIt()}
        data-testid="voice-send"
      >
        <Icon name="send" />
      </button>
    </div>
  );
}

function Recorded({ voice: { file, media = {} } }: { voice: ChosenFile }) {
  const held = useHeldBlob(file);
  const { durationMs = 0, waveform = [] } = media;
  const played = { address: held?.address, held };
  return (
    <SoundPlayer label={texts.files.kinds.voice} played={played} told={{ seconds: durationMs / 1000, waveform }} />
  );
}
