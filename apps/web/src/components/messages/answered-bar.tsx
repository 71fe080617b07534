import type { MessageId } from '@chasqui/domain';
import { useMessenger } from '../../hooks/use-messenger.ts';
import { useNames } from '../../hooks/use-names.ts';
import { useQuote } from '../../hooks/use-quote.ts';
import { texts } from '../../i18n/index.ts';
import { quoteText } from '../../i18n/quote-text.ts';
import type { Chat } from '../../live/chat.ts';
import { hueOf } from '../avatar.tsx';
import { Icon } from '../icon.tsx';

/** What the next message answers, above the composer. */
export function AnsweredBar({ chat, messageId }: { chat: Chat; messageId: MessageId }) {
  const { me } = useMessenger();
  const nameOf = useNames(chat);
  const quote = useQuote(chat, messageId);
  const from = quote === undefined || quote === 'gone' ? '' : quote.from;
  return (
    <div className="composer-answered" data-testid="answered">
      <Icon name="reply" />
      <p className="quote" role="status" data-hue={hueOf(from)}>
        <strong>{texts.message.replyTo(from === me ? texts.you : nameOf(from))}</strong>
        <span>{quoteText(quote, texts)}</span>
      </p>
      <button
        type="button"
        className="icon-button"
        aria-label={texts.message.cancelReply}
        title={texts.message.cancelReply}
        onClick={() => chat.answered.set(null)}
        data-testid="cancel-reply"
      >
        <Icon name="close" />
      </button>
    </div>
  );
}
