import { useEffect, useState } from 'react';
import { useAskedConversation } from '../hooks/use-asked-conversation.ts';
import { useMessenger } from '../hooks/use-messenger.ts';
import { useRoute } from '../hooks/use-route.ts';
import { texts } from '../i18n/index.ts';
import { peerIn } from '../model/direct.ts';
import { useStore } from '../store.ts';
import { ChatScreen } from './chat-screen.tsx';
import { ConnectionNotice } from './connection.tsx';
import { JoinScreen } from './groups/join-screen.tsx';
import { MomentsScreen } from './moments-screen.tsx';
import type { SearchQuery } from './search-field.tsx';
import { Sidebar } from './sidebar.tsx';

/** The list beside the conversation; on a phone only one of the two. */
export function MessengerScreen({ signOut }: { signOut: () => void }) {
  const { conversations, presence, me } = useMessenger();
  const { rows, unread } = useStore(conversations);
  useAskedConversation(me);
  const route = useRoute(me);
  const [query, setQuery] = useState<SearchQuery>({ text: '' });
  const { conversationId: open } = route;

  useEffect(() => {
    document.title = unread === 0 ? texts.appName : `(${unread}) ${texts.appName}`;
  }, [unread]);

  useEffect(() => {
    const peers = rows.map((row) => row.peer).filter((peer) => peer !== '');
    presence.watch(open === undefined ? peers : [peerIn(open, me), ...peers]);
  }, [presence, open, rows, me]);

  return (
    <div
      className="messenger"
      data-screen={open === undefined && !route.moments && route.linkId === undefined ? 'list' : 'chat'}
    >
      <Sidebar open={open} query={query} setQuery={setQuery} signOut={signOut} />
      {route.moments ? (
        <MomentsScreen />
      ) : route.linkId !== undefined ? (
        <JoinScreen key={route.linkId} linkId={route.linkId} />
      ) : open === undefined ? (
        <main className="chat empty">
          <p className="quiet">{texts.chooseConversation}</p>
        </main>
      ) : (
        <ChatScreen
          key={open}
          conversationId={open}
          messageId={route.messageId}
          searchHere={() => setQuery({ text: '', conversationId: open })}
        />
      )}
      <ConnectionNotice />
    </div>
  );
}
