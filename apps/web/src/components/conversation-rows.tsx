import type { ConversationId } from '@chasqui/domain';
import { useEffect, useState } from 'react';
import { useMessenger } from '../hooks/use-messenger.ts';
import { useNow } from '../hooks/use-now.ts';
import { useVisible } from '../hooks/use-visible.ts';
import { texts } from '../i18n/index.ts';
import { useStore } from '../store.ts';
import { ConversationRow } from './conversation-row.tsx';
import { Icon } from './icon.tsx';
import { LoadFailed } from './load-failed.tsx';

/** The conversations; scrolling loads more. */
export function ConversationRows({ open }: { open: ConversationId | undefined }) {
  const { me, conversations, presence, typing } = useMessenger();
  const { rows: all, more, status } = useStore(conversations);
  const [showsArchive, setShowsArchive] = useState(false);
  const archived = all.filter(({ state }) => state.archived);
  const inArchive = showsArchive && archived.length > 0;
  const rows = inArchive ? archived : all.filter(({ state }) => !state.archived);
  const online = useStore(presence);
  const writing = useStore(typing);
  const now = useNow(60_000);
  const [end, endIsNear] = useVisible<HTMLDivElement>(200);

  useEffect(() => {
    if (endIsNear && more) void conversations.more();
  }, [endIsNear, more, conversations]);

  return (
    <div className="rows" data-scroller>
      {all.length === 0 && status === 'ready' && (
        <div className="rows-note quiet" data-testid="no-conversations">
          <p>{texts.noConversations}</p>
          <p className="small">{texts.noConversationsHint}</p>
        </div>
      )}
      {status === 'failed' && <LoadFailed retry={() => void conversations.refresh()} />}
      {archived.length > 0 && (
        <button
          type="button"
          className="link archive-link"
          onClick={() => setShowsArchive(!inArchive)}
          data-testid="show-archive"
        >
          <Icon name="archive" />
          {inArchive ? texts.conversation.fromArchive : texts.conversation.archived(archived.length)}
        </button>
      )}
      <ul data-testid="conversation-list">
        {rows.map((row) => (
          <ConversationRow
            key={row.conversationId}
            row={row}
            me={me}
            open={row.conversationId === open}
            online={online.has(row.peer)}
            typing={writing.get(row.conversationId)}
            now={now}
          />
        ))}
      </ul>
      <div ref={end} className="rows-end" />
    </div>
  );
}
