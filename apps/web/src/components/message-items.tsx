import type { ChatMessage } from '@chasqui/client';
import type { MessageId } from '@chasqui/domain';
import { Fragment } from 'react';
import { useNow } from '../hooks/use-now.ts';
import { locale } from '../i18n/index.ts';
import type { Chat } from '../live/chat.ts';
import { firstUnread } from '../model/first-unread.ts';
import { noticePlaces } from '../model/notice-places.ts';
import { dayName, isNewDay } from '../model/time-names.ts';
import { identity } from '../model/timeline.ts';
import { useStore } from '../store.ts';
import { PendingItems } from './files/pending-items.tsx';
import { MessageItem } from './message-item.tsx';
import { NoticeItems } from './notice-items.tsx';
import { UnreadFrom } from './unread-from.tsx';

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
  /** The first unread message has come into view. */
  unreadSeen: () => void;
}

/** The messages with their separators: days, and the start of the unread ones. */
export function MessageItems({ chat, messages, goTo, unreadAfter, unreadSeen }: MessageItemsProps) {
  const now = useNow(60_000);
  const { nextBefore, detached } = useStore(chat.history);
  const part = { mayHaveOlder: nextBefore !== undefined, mayHaveNewer: detached };
  const notices = noticePlaces(messages, useStore(chat.notices), part);
  const lastOwn = messages.findLast(({ mine, recalledAt }) => mine && recalledAt === undefined);
  const unread = firstUnread(messages, unreadAfter);
  return (
    <ol className="messages">
      {messages.map((message, index) => {
        const before = messages[index - 1];
        const newDay = isNewDay(before?.sentAt, message.sentAt);
        const joined =
          !newDay &&
          !notices.has(index) &&
          message !== unread &&
          before?.from === message.from &&
          message.sentAt - before.sentAt < GROUP_MS;
        return (
          <Fragment key={identity(message)}>
            {newDay && <li className="day">{dayName(message.sentAt, now, locale)}</li>}
            <NoticeItems chat={chat} notices={notices.get(index)} />
            {message === unread && <UnreadFrom seen={unreadSeen} />}
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
      <NoticeItems chat={chat} notices={notices.get(messages.length)} />
      <PendingItems chat={chat} />
    </ol>
  );
}
