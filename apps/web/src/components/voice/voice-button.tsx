import { texts } from '../../i18n/index.ts';
import { Icon } from '../icon.tsx';

/** Begins a voice message. It stands where there is nothing else to send. */
export function VoiceButton({ start }: { start: () => void }) {
  return (
    <button
      type="button"
      className="send"
      aria-label={texts.files.record}
      title={texts.files.record}
      onClick={start}
      data-testid="record"
    >
      <Icon name="microphone" />
    </button>
  );
}
