import type { ChatMessage } from '@chasqui/client';
import { codeText, texts } from '../../i18n/index.ts';
import type { Chat } from '../../live/chat.ts';
import { maySendAgain } from '../../model/send-again.ts';

/** The reason why a message was refused, and the actions that help. */
export function FailedActions({ chat, message }: { chat: Chat; message: ChatMessage }) {
  return (
    <p className="failed" role="alert">
      <span data-testid="refusal">
        {message.refusal === undefined ? texts.shortStates.failed : texts.notSent(codeText(message.refusal))}
      </span>
      {maySendAgain(message) && (
        <button type="button" className="link" onClick={() => chat.resend(message)} data-testid="resend">
          {texts.resend}
        </button>
      )}
      <button type="button" className="link" onClick={() => chat.dismiss(message)} data-testid="dismiss">
        {texts.dismiss}
      </button>
    </p>
  );
}
