import type { ChatMessage } from '@chasqui/client';
import { useEffect, useRef, useState } from 'react';
import { useNames } from '../../hooks/use-names.ts';
import { texts } from '../../i18n/index.ts';
import type { Chat } from '../../live/chat.ts';
import { identity } from '../../model/timeline.ts';

/** Tells screen readers what others write. The list itself does not: rows come and go in it as the reader scrolls. */
export function NewsLog({ chat, last }: { chat: Chat; last: ChatMessage | undefined }) {
  const nameOf = useNames(chat);
  const [news, setNews] = useState<ChatMessage>();
  const known = useRef('');
  useEffect(() => {
    if (last === undefined) return;
    const isNew = known.current !== '' && last.sortKey > known.current && !last.mine;
    if (last.sortKey > known.current) known.current = last.sortKey;
    if (isNew) setNews(last);
  }, [last]);
  return (
    <div className="only-read-out" role="log" aria-label={texts.message.news} data-testid="news">
      {news !== undefined && <p key={identity(news)}>{`${nameOf(news.from)}: ${news.content.text ?? ''}`}</p>}
    </div>
  );
}
