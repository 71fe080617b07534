import type { MessageId } from '@chasqui/domain';
import { useCallback, useEffect, useState } from 'react';
import { useConversationName } from '../hooks/use-conversation.ts';
import { useMessenger } from '../hooks/use-messenger.ts';
import { useReading } from '../hooks/use-reading.ts';
import { useVisible } from '../hooks/use-visible.ts';
import { texts } from '../i18n/index.ts';
import type { Chat } from '../live/chat.ts';
import { unreadOf } from '../model/conversation-list.ts';
import { useStore } from '../store.ts';
import { Icon } from './icon.tsx';
import { JumpButtons, type UnreadMessages } from './jump-buttons.tsx';
import { LoadFailed } from './load-failed.tsx';
import { MessageItems } from './message-items.tsx';

/**
 * The messages, anchored to their end: the scroller is laid out from the bottom. Older messages appear above without
 * moving the visible ones; newer ones scroll the view only if the reader is at the end.
 */
export function MessageScroller({ chat, messageId }: { chat: Chat; messageId: MessageId | undefined }) {
  const messages = useStore(chat);
  const { history } = chat;
  const { nextBefore, detached, status } = useStore(history);
  const { conversations, typing } = useMessenger();
  const writes = useStore(typing).get(chat.conversationId);
  const name = useConversationName(chat.conversationId);
  const [start] = useState((): UnreadMessages | undefined => {
    const row = conversations.get().byId.get(chat.conversationId);
    const unread = row === undefined ? 0 : unreadOf(row);
    if (row === undefined || unread === 0) return undefined;
    return { after: row.readUpTo, unread, mentions: row.group?.mentions ?? 0 };
  });
  const [unreadSeen, setUnreadSeen] = useState(false);
  const seen = useCallback(() => setUnreadSeen(true), []);
  const [top, topIsNear] = useVisible<HTMLDivElement>(400);
  const [bottom, atBottom] = useVisible<HTMLDivElement>(40);
  const unseen = useReading(chat, atBottom && !detached);

  useEffect(() => {
    if (topIsNear && nextBefore !== undefined && status === 'ready') void history.older();
  }, [topIsNear, nextBefore, status, history]);

  function toLatest(): void {
    if (detached) void history.latest();
    bottom.current?.scrollIntoView({ block: 'end' });
  }

  return (
    <div className="scroller-frame">
      <section
        className="scroller"
        data-scroller
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable area must be reachable by keyboard.
        tabIndex={0}
        role="log"
        aria-label={texts.messages}
        data-testid="scroller"
      >
        <div className="scroll-body">
          <div ref={top} />
          {status === 'ready' && nextBefore === undefined && (
            <p className="chat-note quiet" data-testid="history-start">
              {chat.isGroup ? texts.groups.beginning(name) : texts.firstMessage(name)}
            </p>
          )}
          {status === 'failed' && (
            <LoadFailed retry={() => void (messages.length === 0 ? history.latest() : history.older())} />
          )}
          <MessageItems chat={chat} messages={messages} goTo={messageId} unreadAfter={start?.after} unreadSeen={seen} />
          <p className="typing" data-active={writes !== undefined} data-testid="typing">
            {writes !== undefined && (
              <>
                <span className="only-read-out">{texts.groups.isTyping(chat.nameOf(writes))}</span>
                <i />
                <i />
                <i />
              </>
            )}
          </p>
          <div ref={bottom} />
        </div>
      </section>
      {/* With both ends of what was unread in view, there is nowhere to jump. */}
      {start !== undefined && !(unreadSeen && atBottom) && <JumpButtons chat={chat} start={start} seen={unreadSeen} />}
      {(!atBottom || detached) && messages.length > 0 && (
        <button
          type="button"
          className="to-latest"
          aria-label={texts.toLatest}
          onClick={toLatest}
          data-testid="to-latest"
        >
          {unseen > 0 && <span>{texts.newMessages(unseen)}</span>}
          <Icon name="down" />
        </button>
      )}
    </div>
  );
}
