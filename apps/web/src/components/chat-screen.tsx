import type { ConversationId, MessageId, UserId } from '@chasqui/domain';
import { useEffect, useMemo } from 'react';
import { useAction } from '../hooks/use-action.ts';
import { useConversation, useConversationName } from '../hooks/use-conversation.ts';
import { useMessenger } from '../hooks/use-messenger.ts';
import { useBlocked } from '../hooks/use-people.ts';
import { goTo } from '../hooks/use-route.ts';
import { texts } from '../i18n/index.ts';
import { useStore } from '../store.ts';
import { ChatHeader } from './chat-header.tsx';
import { Composer } from './composer.tsx';
import { GroupComposer } from './groups/group-composer.tsx';
import { GroupHeader } from './groups/group-header.tsx';
import { MessageScroller } from './message-scroller.tsx';
import { ForwardDialog } from './messages/forward-dialog.tsx';
import { SelectionBar } from './messages/selection-bar.tsx';
import { ChatViewer } from './viewer/chat-viewer.tsx';

export interface ChatScreenProps {
  conversationId: ConversationId;
  /** A message to scroll to. */
  messageId: MessageId | undefined;
  searchHere: () => void;
}

/** One conversation. */
export function ChatScreen({ conversationId, messageId, searchHere }: ChatScreenProps) {
  const messenger = useMessenger();
  const chat = useMemo(() => messenger.chat(conversationId), [messenger, conversationId]);
  const { peer } = chat;
  const { client } = messenger;
  const name = useConversationName(conversationId);
  const { group } = useConversation(conversationId);
  const hasLeft = group !== undefined && group.role === undefined;
  const isBlocked = useBlocked(peer);
  const isSelecting = useStore(chat.selection).size > 0;
  const forwarded = useStore(chat.forwarded);

  useEffect(() => {
    // The library closes a group that the user has left; whoever returns opens it again.
    if (!chat.isGroup || hasLeft) return;
    client.openGroup(conversationId);
    return () => client.closeGroup(conversationId);
  }, [client, chat, conversationId, hasLeft]);

  useEffect(
    () =>
      client.on('membership', ({ conversationId: group, event }) => {
        if (group === conversationId && event === 'unlisted') goTo({});
      }),
    [client, conversationId],
  );

  useEffect(() => {
    if (messageId !== undefined) void chat.show(messageId);
  }, [chat, messageId]);

  return (
    <main className="chat" aria-label={name} data-testid="chat" data-peer={peer} data-conversation={conversationId}>
      {chat.isGroup ? (
        <GroupHeader chat={chat} searchHere={searchHere} />
      ) : (
        <ChatHeader chat={chat} searchHere={searchHere} />
      )}
      <MessageScroller chat={chat} />
      {isSelecting ? (
        <SelectionBar chat={chat} />
      ) : chat.details !== undefined ? (
        <GroupComposer chat={chat} details={chat.details} />
      ) : isBlocked ? (
        <BlockedBar peer={peer} />
      ) : (
        <Composer chat={chat} />
      )}
      <ChatViewer chat={chat} />
      {forwarded.length > 0 && <ForwardDialog chat={chat} messages={forwarded} />}
    </main>
  );
}

/** Replaces the composer when the user blocks the peer: a block stops messages in both directions. */
function BlockedBar({ peer }: { peer: UserId }) {
  const { people } = useMessenger();
  const { busy, error, run } = useAction();
  return (
    <div className="composer composer-blocked" data-testid="composer-blocked">
      <p className="quiet small" role={error === '' ? undefined : 'alert'}>
        {error || texts.people.blockedHere}
      </p>
      <button type="button" className="button" disabled={busy} onClick={() => void run(() => people.unblock(peer))}>
        {texts.people.unblock}
      </button>
    </div>
  );
}
