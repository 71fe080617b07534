import type { SearchHit } from '../api-bodies.ts';
import { useConversation, useConversationName } from '../hooks/use-conversation.ts';
import { useMessenger } from '../hooks/use-messenger.ts';
import { goTo } from '../hooks/use-route.ts';
import { locale, texts } from '../i18n/index.ts';
import { highlightedExcerpt, type Piece } from '../model/highlight.ts';
import { shortName } from '../model/time-names.ts';
import { Avatar } from './avatar.tsx';

export interface SearchHitRowProps {
  hit: SearchHit;
  query: string;
  /** Unix ms. */
  now: number;
}

/** A search hit; selecting it opens its place in the conversation. */
export function SearchHitRow({ hit, query, now }: SearchHitRowProps) {
  const { me } = useMessenger();
  const { messageId, conversationId, from, sentAt, text } = hit;
  const { peer, group } = useConversation(conversationId);
  const name = useConversationName(conversationId);
  return (
    <li>
      <button
        type="button"
        className="row"
        onClick={() => goTo({ conversationId, messageId })}
        data-testid="search-hit"
      >
        <Avatar id={peer || conversationId} name={name} picture={group?.picture ?? ''} isGroup={peer === ''} />
        <span className="row-name">{name}</span>
        <time className="row-time" dateTime={new Date(sentAt).toISOString()}>
          {shortName(sentAt, now, locale)}
        </time>
        <span className="row-preview found">
          {from === me ? `${texts.you}: ` : peer === '' && `${from}: `}
          <HighlightedText pieces={highlightedExcerpt(text, query)} />
        </span>
      </button>
    </li>
  );
}

/** A text with the search hits marked. */
function HighlightedText({ pieces }: { pieces: readonly Piece[] }) {
  let start = 0;
  return pieces.map(({ text, found }) => {
    const key = start;
    start += text.length;
    return found ? <mark key={key}>{text}</mark> : <span key={key}>{text}</span>;
  });
}
