import type { ChatMessage } from '@chasqui/client';
import { useMessenger } from '../../hooks/use-messenger.ts';
import { useNames } from '../../hooks/use-names.ts';
import { useQuote } from '../../hooks/use-quote.ts';
import { texts } from '../../i18n/index.ts';
import { quoteText } from '../../i18n/quote-text.ts';
import type { Chat } from '../../live/chat.ts';
import { hueOf } from '../avatar.tsx';

export interface QuotedMessageProps {
  chat: Chat;
  message: ChatMessage & Required<Pick<ChatMessage, 'replyTo'>>;
}

/** What a message answers, above its text. A click goes there. */
export function QuotedMessage({ chat, message: { messageId, replyTo } }: QuotedMessageProps) {
  const { me } = useMessenger();
  const nameOf = useNames(chat);
  const quote = useQuote(chat, replyTo.messageId);
  const isThere = quote !== undefined && quote !== 'gone';
  const name = !isThere ? '' : quote.from === me ? texts.you : nameOf(quote.from);
  return (
    <button
      type="button"
      className="quote"
      disabled={!isThere}
      title={isThere ? texts.message.goToQuoted(name) : undefined}
      data-hue={isThere ? hueOf(quote.from) : undefined}
      data-gone={!isThere || quote.recalledAt !== undefined}
      onClick={() => void chat.show(replyTo.messageId, messageId)}
      data-testid="quote"
    >
      {isThere && <strong>{name}</strong>}
      <span>{quoteText(quote, texts)}</span>
    </button>
  );
}
