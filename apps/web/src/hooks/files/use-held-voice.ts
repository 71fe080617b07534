import { useRef } from 'react';
import { texts } from '../../i18n/index.ts';
import type { ChosenFile } from '../../model/files/chosen-files.ts';
import { type Hold, useHold } from './use-hold.ts';
import type { Recorder } from './use-recorder.ts';

/** What is shorter was no voice message: the button was let go by mistake. */
const SHORTEST_MS = 600;

/** Records a voice for as long as a button is held, and sends it when that is let go. */
export function useHeldVoice(recorder: Recorder, send: (voice: ChosenFile) => void): Hold {
  /** The last hold: the microphone may come when it is over. */
  const last = useRef(0);

  async function begin(): Promise<void> {
    const hold = ++last.current;
    await recorder.start();
    if (last.current !== hold) recorder.discard();
  }

  function cancel(): void {
    last.current++;
    recorder.discard();
  }

  async function end(): Promise<void> {
    last.current++;
    const voice = await recorder.finish();
    recorder.discard();
    if (voice === undefined) return;
    if ((voice.media?.durationMs ?? 0) < SHORTEST_MS) recorder.say(texts.files.recordHint);
    else send(voice);
  }

  return useHold({ begin: () => void begin(), end, cancel });
}
