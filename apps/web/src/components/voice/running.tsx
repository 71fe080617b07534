import { texts } from '../../i18n/index.ts';
import type { VoiceRecording } from '../../live/files/voice-recording.ts';
import { clockTime } from '../../model/files/clock-time.ts';
import { BARS } from '../../model/files/waveform.ts';
import { useStore } from '../../store.ts';
import { Waveform } from '../files/waveform.tsx';

/** How long a recording is, and how loud it has been of late. */
export function Running({ recording }: { recording: VoiceRecording }) {
  const { seconds, levels } = useStore(recording);
  const shown = levels.slice(-BARS).map((level) => level * 100);
  return (
    <div className="voice-running">
      <span className="only-read-out" role="status">
        {texts.files.recording}
      </span>
      <i className="voice-dot" />
      <span data-testid="voice-time">{clockTime(seconds)}</span>
      <Waveform waveform={[...Array.from({ length: BARS - shown.length }, () => 0), ...shown]} part={1} />
    </div>
  );
}
