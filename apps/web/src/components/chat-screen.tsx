import type { MessageId, UserId } from '@chasqui/domain';
import { useEffect, useMemo } from 'react';
import { useMessenger } from '../hooks/use-messenger.ts';
import { ChatHeader } from './chat-header.tsx';
import { Composer } from './composer.tsx';
import { MessageScroller } from './message-scroller.tsx';

export interface ChatScreenProps {
  peer: UserId;
  /** A message to go to. */
  messageId: MessageId | undefined;
  searchHere: () => void;
}

/** One conversation. */
export function ChatScreen({ peer, messageId, searchHere }: ChatScreenProps) {
  const messenger = useMessenger();
  const chat = useMemo(() => messenger.chat(peer), [messenger, peer]);

  useEffect(() => {
    if (messageId !== undefined) void chat.history.goTo(messageId);
  }, [chat, messageId]);

  return (
    <main className="chat" aria-label={peer} data-testid="chat" data-peer={peer}>
      <ChatHeader peer={peer} searchHere={searchHere} />
      <MessageScroller chat={chat} messageId={messageId} />
      <Composer chat={chat} />
    </main>
  );
}
