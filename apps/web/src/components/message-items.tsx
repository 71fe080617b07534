import type { MessageId } from '@chasqui/domain';
import { type ReactNode, useMemo } from 'react';
import { useNow } from '../hooks/use-now.ts';
import type { ShownRows } from '../hooks/use-row-window.ts';
import { locale } from '../i18n/index.ts';
import type { Chat } from '../live/chat.ts';
import { type Row, rowDays } from '../model/message-rows.ts';
import { dayName } from '../model/time-names.ts';
import { PendingItems } from './files/pending-items.tsx';
import { MessageItem } from './message-item.tsx';
import { NoticeItem } from './notice-item.tsx';
import { UnreadFrom } from './unread-from.tsx';

export interface MessageItemsProps {
  chat: Chat;
  rows: readonly Row[];
  shown: ShownRows;
  goal: MessageId | undefined;
  /** The first unread message has come into view. */
  unreadSeen: () => void;
}

/** The messages that are in view or near it, by day: of the others, there is the space alone. */
export function MessageItems({ chat, rows, shown, goal, unreadSeen }: MessageItemsProps) {
  const now = useNow(60_000);
  const { list, first, last, above, below } = shown;
  const days = useMemo(() => rowDays(rows, first, last), [rows, first, last]);

  function item(row: Exclude<Row, { kind: 'day' }>): ReactNode {
    if (row.kind === 'notice') return <NoticeItem key={row.key} chat={chat} row={row.key} notice={row.notice} />;
    if (row.kind === 'unread') return <UnreadFrom key={row.key} row={row.key} seen={unreadSeen} />;
    const { key, message, joined, tellsState } = row;
    const wanted = goal !== undefined && message.messageId === goal;
    return <MessageItem key={key} row={key} {...{ chat, message, joined, tellsState, wanted }} />;
  }

  return (
    <>
      <div ref={list} className="messages">
        <div style={{ height: above }} />
        {days.map(({ key, at, rows }) => (
          <div key={key} className="day-rows" data-row={key}>
            <h3 className="day">{dayName(at, now, locale)}</h3>
            <ol>{rows.map(item)}</ol>
          </div>
        ))}
        <div style={{ height: below }} />
      </div>
      <ol>
        <PendingItems chat={chat} />
      </ol>
    </>
  );
}
