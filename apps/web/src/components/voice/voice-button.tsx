import type { HoldHandlers } from '../../hooks/files/use-hold.ts';
import { texts } from '../../i18n/index.ts';
import { Icon } from '../icon.tsx';

export interface VoiceButtonProps {
  start: () => void;
  hold: HoldHandlers;
}

/** Begins a voice message, or records one for as long as it is held. It stands where there is nothing else to send. */
export function VoiceButton({ start, hold }: VoiceButtonProps) {
  return (
    <button
      type="button"
      className="send record"
      aria-label={texts.files.record}
      title={texts.files.recordHint}
      onClick={start}
      onContextMenu={(event) => event.preventDefault()}
      {...hold}
      data-testid="record"
    >
      <Icon name="microphone" />
    </button>
  );
}
