import { useCallback, useEffect, useState } from 'react';
import { useConversationName } from '../hooks/use-conversation.ts';
import { useMessenger } from '../hooks/use-messenger.ts';
import { useReading } from '../hooks/use-reading.ts';
import { useRows } from '../hooks/use-rows.ts';
import { useVisible } from '../hooks/use-visible.ts';
import { texts } from '../i18n/index.ts';
import type { Chat } from '../live/chat.ts';
import { unreadOf } from '../model/conversation-list.ts';
import { useStore } from '../store.ts';
import { Icon } from './icon.tsx';
import { JumpButtons, type UnreadMessages } from './jump-buttons.tsx';
import { NewsLog } from './list/news-log.tsx';
import { LoadFailed } from './load-failed.tsx';
import { MessageItems } from './message-items.tsx';

/** Px from either end of what is loaded at which the next page is asked for. */
const LOAD_PX = 1_500;

/**
 * The messages, anchored to their end: the scroller is laid out from the bottom. Older messages appear above without
 * moving the visible ones; newer ones scroll the view only if the reader is at the end.
 */
export function MessageScroller({ chat }: { chat: Chat }) {
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
  const { rows, shown, goal } = useRows(chat, start?.after);
  const cameFrom = useStore(chat.cameFrom);
  const [top, topIsNear] = useVisible<HTMLDivElement>(LOAD_PX);
  const [end, endIsNear] = useVisible<HTMLDivElement>(LOAD_PX);
  const [bottom, atBottom] = useVisible<HTMLDivElement>(40);
  const unseen = useReading(chat, atBottom && !detached);

  useEffect(() => {
    if (topIsNear && nextBefore !== undefined && status === 'ready') void history.older();
  }, [topIsNear, nextBefore, status, history]);

  const newest = messages.at(-1);
  useEffect(() => {
    if (endIsNear && detached && status === 'ready' && newest !== undefined) void history.newer();
  }, [endIsNear, detached, status, history, newest]);

  function toLatest(): void {
    if (cameFrom !== '') {
      void chat.show(cameFrom);
      return;
    }
    if (detached) void history.latest();
    shown.toEnd();
  }

  return (
    <div className="scroller-frame">
      <section
        className="scroller"
        data-scroller
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable area must be reachable by keyboard.
        tabIndex={0}
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
          <MessageItems chat={chat} rows={rows} shown={shown} goal={goal} unreadSeen={seen} />
          <div ref={end} />
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
      <NewsLog chat={chat} last={detached ? undefined : messages.at(-1)} />
      {/* With both ends of what was unread in view, there is nowhere to jump. */}
      {start !== undefined && !(unreadSeen && atBottom) && <JumpButtons chat={chat} start={start} seen={unreadSeen} />}
      {(!atBottom || detached || cameFrom !== '') && messages.length > 0 && (
        <button
          type="button"
          className="to-latest"
          aria-label={cameFrom === '' ? texts.toLatest : texts.message.wayBack}
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
