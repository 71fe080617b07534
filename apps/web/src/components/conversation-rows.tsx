import type { ConversationId } from '@chasqui/domain';
import { useEffect } from 'react';
import { useMessenger } from '../hooks/use-messenger.ts';
import { useNow } from '../hooks/use-now.ts';
import { useVisible } from '../hooks/use-visible.ts';
import { texts } from '../i18n/index.ts';
import { useStore } from '../store.ts';
import { ConversationRow } from './conversation-row.tsx';
import { LoadFailed } from './load-failed.tsx';

/** The conversations; scrolling loads more. */
export function ConversationRows({ open }: { open: ConversationId | undefined }) {
  const { me, conversations, presence, typing } = useMessenger();
  const { rows, more, status } = useStore(conversations);
  const online = useStore(presence);
  const writing = useStore(typing);
  const now = useNow(60_000);
  const [end, endIsNear] = useVisible<HTMLDivElement>(200);

  useEffect(() => {
    if (endIsNear && more) void conversations.more();
  }, [endIsNear, more, conversations]);

  return (
    <div className="rows" data-scroller>
      {rows.length === 0 && status === 'ready' && (
        <div className="rows-note quiet" data-testid="no-conversations">
          <p>{texts.noConversations}</p>
          <p className="small">{texts.noConversationsHint}</p>
        </div>
      )}
      {status === 'failed' && <LoadFailed retry={() => void conversations.refresh()} />}
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
