import type { ChatMessage } from '@chasqui/client';
import type { MessageId } from '@chasqui/domain';
import { Fragment } from 'react';
import { useNow } from '../hooks/use-now.ts';
import { locale, texts } from '../i18n/index.ts';
import type { Chat } from '../live/chat.ts';
import { dayName, isNewDay } from '../model/time-names.ts';
import { identity } from '../model/timeline.ts';
import { MessageItem } from './message-item.tsx';

/** Messages of one sender this close together are grouped. */
const GROUP_MS = 5 * 60_000;

export interface MessageItemsProps {
  chat: Chat;
  messages: readonly ChatMessage[];
  goTo: MessageId | undefined;
  /**
   * Messages from others after this one were unread when the conversation was opened: they stay marked until the user
   * answers.
   */
  unreadAfter: MessageId | '' | undefined;
}

/** The messages with their separators: days, and the start of the unread ones. */
export function MessageItems({ chat, messages, goTo, unreadAfter }: MessageItemsProps) {
  const now = useNow(60_000);
  const lastOwn = messages.findLast(({ mine, recalledAt }) => mine && recalledAt === undefined);
  const unread = unreadAfter === undefined ? [] : messages.filter(({ sortKey }) => sortKey > unreadAfter);
  const firstUnread = unread.some(({ mine }) => mine) ? undefined : unread[0];
  return (
    <ol className="messages">
      {messages.map((message, index) => {
        const before = messages[index - 1];
        const newDay = isNewDay(before?.sentAt, message.sentAt);
        const joined =
          !newDay &&
          message !== firstUnread &&
          before?.from === message.from &&
          message.sentAt - before.sentAt < GROUP_MS;
        return (
          <Fragment key={identity(message)}>
            {newDay && <li className="day">{dayName(message.sentAt, now, locale)}</li>}
            {message === firstUnread && <li className="unread-from">{texts.unreadFromHere}</li>}
            <MessageItem
              chat={chat}
              message={message}
              joined={joined}
              tellsState={message === lastOwn}
              wanted={goTo !== undefined && message.messageId === goTo}
            />
          </Fragment>
        );
      })}
    </ol>
  );
}
