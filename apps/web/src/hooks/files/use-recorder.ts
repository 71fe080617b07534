import { useEffect, useRef, useState } from 'react';
import { texts } from '../../i18n/index.ts';
import { canRecord, startRecording, type VoiceRecording } from '../../live/files/voice-recording.ts';
import type { ChosenFile } from '../../model/files/chosen-files.ts';

export type RecorderState =
  | { step: 'idle' }
  | { step: 'recording'; recording: VoiceRecording }
  /** It can be heard before it is sent. */
  | { step: 'recorded'; voice: ChosenFile };

export interface Recorder {
  state: RecorderState;
  /** Why it cannot record, or what to do instead; empty: nothing. */
  error: string;
  say: (error: string) => void;
  start: () => Promise<void>;
  finish: () => Promise<ChosenFile | undefined>;
  discard: () => void;
}

/** Records a voice, for as long as the component is there. */
export function useRecorder(): Recorder {
  const [state, setState] = useState<RecorderState>({ step: 'idle' });
  const [error, setError] = useState('');
  const running = useRef<VoiceRecording>(undefined);
  const isAsking = useRef(false);
  useEffect(
    () => () => {
      running.current?.cancel();
      running.current = undefined;
    },
    [],
  );

  async function start(): Promise<void> {
    setError('');
    if (!canRecord()) {
      setError(texts.files.noRecorder);
      return;
    }
    if (isAsking.current || running.current !== undefined) return;
    isAsking.current = true;
    try {
      const recording = await startRecording();
      running.current = recording;
      setState({ step: 'recording', recording });
    } catch {
      setError(texts.files.noMicrophone);
    } finally {
      isAsking.current = false;
    }
  }

  async function finish(): Promise<ChosenFile | undefined> {
    const voice = await running.current?.finish();
    running.current = undefined;
    if (voice !== undefined) setState({ step: 'recorded', voice });
    return voice;
  }

  function discard(): void {
    running.current?.cancel();
    running.current = undefined;
    setState({ step: 'idle' });
  }

  return { state, error, say: setError, start, finish, discard };
}
