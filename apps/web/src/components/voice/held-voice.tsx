import { texts } from '../../i18n/index.ts';
import type { VoiceRecording } from '../../live/files/voice-recording.ts';
import { Icon } from '../icon.tsx';
import { Running } from './running.tsx';

/** Px that the hint follows the finger at most. */
const FOLLOWS_PX = 70;

/** In the place of the composer while the button is held: it has no buttons, as letting go sends. */
export function HeldVoice({ recording, away }: { recording: VoiceRecording; away: number }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: it is no set of fields.
    <div
      className="voice-bar voice-held"
      role="group"
      aria-label={texts.files.kinds.voice}
      data-testid="voice-bar"
      data-step="held"
    >
      <Running recording={recording} />
      <span className="voice-slide" style={{ translate: `${-FOLLOWS_PX * away}px`, opacity: 1 - away }}>
        <Icon name="back" />
        {texts.files.slideToCancel}
      </span>
      <span className="send">
        <Icon name="microphone" />
      </span>
    </div>
  );
}
