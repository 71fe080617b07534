import type { ConversationId, MessageId } from '@chasqui/domain';
import { useEffect, useMemo } from 'react';
import { useBlocked } from '../hooks/use-blocked.ts';
import { useMessenger } from '../hooks/use-messenger.ts';
import { BlockedBar } from './blocked-bar.tsx';
import { ChatHeader } from './chat-header.tsx';
import { Composer } from './composer.tsx';
import { MessageScroller } from './message-scroller.tsx';

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
  const isBlocked = useBlocked(peer);

  useEffect(() => {
    if (messageId !== undefined) void chat.history.goTo(messageId);
  }, [chat, messageId]);

  return (
    <main className="chat" aria-label={peer} data-testid="chat" data-peer={peer}>
      <ChatHeader chat={chat} searchHere={searchHere} />
      <MessageScroller chat={chat} messageId={messageId} />
      {isBlocked ? <BlockedBar peer={peer} /> : <Composer chat={chat} />}
    </main>
  );
}
