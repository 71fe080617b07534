import type { ChatMessage } from '@chasqui/client';
import { texts } from '../i18n/index.ts';
import type { Chat } from '../live/chat.ts';

/** What one can do about a message that the server refused. */
export function FailedActions({ chat, message }: { chat: Chat; message: ChatMessage }) {
  return (
    <p className="failed" role="alert">
      {texts.shortStates.failed}
      <button type="button" className="link" onClick={() => chat.resend(message)} data-testid="resend">
        {texts.resend}
      </button>
      <button type="button" className="link" onClick={() => chat.dismiss(message)} data-testid="dismiss">
        {texts.dismiss}
      </button>
    </p>
  );
}
